import Crypto
import HoldfastModel

/// A small file of ours on a media tree's file system: magic (4 bytes), version (1), body, SHA-256 of all before it.
/// Integers are little-endian; byte strings have a 32-bit length before them.
struct RecordWriter {
    private(set) var bytes: [UInt8]

    init(magic: String, version: UInt8) { bytes = Array(magic.utf8) + [version] }

    mutating func add<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ string: [UInt8]) {
        add(UInt32(string.count))
        bytes.append(contentsOf: string)
    }

    consuming func finished() -> [UInt8] { bytes + Array(SHA256.hash(data: bytes)) }
}

/// Reads what a `RecordWriter` wrote. Nothing is trusted before the checksum fits, nor allocated beyond the file's size.
struct RecordReader {
    private let bytes: [UInt8]
    private var position: Int
    private let what: String

    /// Throws `corrupt` where the checksum doesn't fit and `unsupported` for another version.
    init(_ file: [UInt8], magic: String, version: UInt8, what: String) throws {
        self.what = what
        let body = file.dropLast(SHA256.byteCount)
        guard file.count >= SHA256.byteCount + 5, body.starts(with: magic.utf8),
            Array(SHA256.hash(data: body)) == Array(file.suffix(SHA256.byteCount))
        else { throw Self.corrupt(what) }
        guard body[4] == version else {
            throw HoldfastError(
                .unsupported,
                "The \(what) was written by another version of Holdfast (\(body[4])); finish with that one.")
        }
        bytes = Array(body)
        position = 5
    }

    mutating func next<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.count - position >= size else { throw Self.corrupt(what) }
        let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Value.self) }
        position += size
        return Value(littleEndian: value)
    }

    mutating func nextBytes() throws -> [UInt8] {
        let count = Int(try next(UInt32.self))
        guard bytes.count - position >= count else { throw Self.corrupt(what) }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    func finish() throws {
        guard position == bytes.count else { throw Self.corrupt(what) }
    }

    private static func corrupt(_ what: String) -> HoldfastError {
        HoldfastError(.corrupt, "The \(what) is damaged; the file system needs looking at before anything is moved.")
    }
}
