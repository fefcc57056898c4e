import HoldfastModel

/// A segment or block, compressed where that pays.
struct Packed: Sendable {
    enum Form: UInt8 {
        case plain = 0
        case zstd = 1
    }

    var form: Form
    var bytes: [UInt8]

    init(packing plain: [UInt8]) {
        if !Self.looksRandom(plain), let frame = Zstd.compressed(plain) {
            (form, bytes) = (.zstd, frame)
        } else {
            (form, bytes) = (.plain, plain)
        }
    }

    init(form: Form, bytes: [UInt8]) {
        self.form = form
        self.bytes = bytes
    }

    func unpacked(plainLength: Int, subject: @autoclosure () -> String) throws(HoldfastError) -> [UInt8] {
        switch form {
        case .zstd: return try Zstd.decompressed(bytes, plainLength: plainLength, subject: subject())
        case .plain:
            guard bytes.count == plainLength else {
                throw HoldfastError(.corrupt, "The \(subject()) is damaged: its length is not the one recorded.")
            }
            return bytes
        }
    }

    /// Whether byte values of samples from all over are spread so evenly that compressing is a waste of time, as in
    /// images and archives: the sum of squared counts is then close to the least possible.
    private static func looksRandom(_ plain: [UInt8]) -> Bool {
        let samples = 64, sampleBytes = 256
        guard plain.count >= samples * sampleBytes else { return false }
        let stride = (plain.count - sampleBytes) / (samples - 1)
        return plain.withUnsafeBufferPointer { bytes in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { counts in
                counts.initialize(repeating: 0)
                for sample in 0..<samples {
                    for index in sample * stride..<sample * stride + sampleBytes { counts[Int(bytes[index])] += 1 }
                }
                let total = samples * sampleBytes
                return counts.reduce(0) { $0 + $1 * $1 } * 256 * 8 < total * total * 9
            }
        }
    }
}
