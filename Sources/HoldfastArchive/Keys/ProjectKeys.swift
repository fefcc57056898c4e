import Crypto
package import HoldfastModel

/// A project's key material.
///
/// The naming key gives chunk names, the chunker's gear table and the key of reference lists, and never changes:
/// deduplication would end. Sealing keys encrypt; they are numbered, and the highest is the one new objects use.
package struct ProjectKeys: Sendable {
    static let keyBytes = 32
    private static let prefix = "hfpk1."
    private static let maximumKeys = 10_000
    /// The number of the last sealing key that is made.
    package static let rotationLimit = UInt32(maximumKeys)

    let naming: [UInt8]
    private let sealing: [UInt32: [UInt8]]
    /// The number of the sealing key that new objects are sealed with.
    package let currentSealingKey: UInt32
    let namer: ChunkNamer

    package init(generatedFrom entropy: some Entropy) {
        self.init(naming: entropy.bytes(Self.keyBytes), sealing: [1: entropy.bytes(Self.keyBytes)], current: 1)
    }

    private init(naming: [UInt8], sealing: [UInt32: [UInt8]], current: UInt32) {
        self.naming = naming
        self.sealing = sealing
        self.currentSealingKey = current
        self.namer = ChunkNamer(naming: naming)
    }

    /// The same keys with a new sealing key as the current one; older objects stay readable.
    package func rotated(from entropy: some Entropy) -> ProjectKeys {
        let next = currentSealingKey + 1
        let keys = sealing.merging([next: entropy.bytes(Self.keyBytes)]) { _, new in new }
        return ProjectKeys(naming: naming, sealing: keys, current: next)
    }

    /// - Throws: `notFound` where these keys don't hold the number.
    func sealingKey(_ number: UInt32) throws(HoldfastError) -> [UInt8] {
        guard let key = sealing[number] else {
            throw HoldfastError(
                .notFound, "The project's keys hold no sealing key \(number). Use keys exported after its rotation.")
        }
        return key
    }

    /// Made when it is asked for: who only reads needs none.
    package var gearTable: GearTable { GearTable(naming: naming) }

    var referenceKey: SymmetricKey { KeyDerivation.key(naming, info: KeyDerivation.references) }

    var tombstoneKey: SymmetricKey { KeyDerivation.key(naming, info: KeyDerivation.tombstones) }

    /// Reads what `serialized` gives.
    ///
    /// - Throws: `malformed` if it is anything else, `unsupported` if of a later version.
    package init(serialized: Secret) throws(HoldfastError) {
        let text = serialized.revealed
        let malformed = HoldfastError(
            .malformed, "This is no set of project keys, or it was cut or changed; take it again from its source.")
        guard text.utf8.count < 2_000_000, text.hasPrefix("hfpk") else { throw malformed }
        guard text.hasPrefix(Self.prefix) else {
            throw HoldfastError(.unsupported, "The project keys are of a later version. Update Holdfast.")
        }
        guard let bytes = [UInt8](hexadecimal: String(text.dropFirst(Self.prefix.count))), bytes.count > 8,
            Self.checksum(bytes.dropLast(8)) == Array(bytes.suffix(8))
        else { throw malformed }
        var reader = ByteReader(Array(bytes.dropLast(8)), "set of project keys")
        let naming = try reader.raw(Self.keyBytes)
        let count = try reader.integer(UInt32.self)
        guard (1...UInt32(Self.maximumKeys)).contains(count) else { throw malformed }
        var sealing: [UInt32: [UInt8]] = [:]
        var last: UInt32 = 0
        for _ in 0..<count {
            let number = try reader.integer(UInt32.self)
            guard number > last else { throw malformed }
            sealing[number] = try reader.raw(Self.keyBytes)
            last = number
        }
        try reader.finish()
        self.init(naming: naming, sealing: sealing, current: last)
    }

    package var serialized: Secret {
        var writer = ByteWriter()
        writer.raw(naming)
        writer.integer(UInt32(sealing.count))
        for (number, key) in sealing.sorted(by: { $0.key < $1.key }) {
            writer.integer(number)
            writer.raw(key)
        }
        return Secret(Self.prefix + (writer.bytes + Self.checksum(writer.bytes[...])).hexadecimal)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: Array(prefix.utf8) + bytes).prefix(8))
    }
}
