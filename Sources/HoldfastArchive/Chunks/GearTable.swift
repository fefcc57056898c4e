/// The random numbers of the rolling hash, a project's own: cuts tell nothing of content to who lacks the key.
package struct GearTable: Sendable {
    let values: [UInt64]

    init(naming: [UInt8]) {
        let bytes = KeyDerivation.bytes(naming, info: KeyDerivation.gearTable, byteCount: 2048)
        values = (0..<256).map { index in
            bytes[8 * index..<8 * index + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }
}
