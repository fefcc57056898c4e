import HoldfastModel

/// Takes the bytes of a format apart; whatever isn't there is an error that names `subject`.
struct ByteReader {
    let subject: String
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8], _ subject: String) {
        self.bytes = bytes
        self.subject = subject
        self.position = 0
        self.end = bytes.count
    }

    var left: Int { end - position }

    func damaged(_ reason: String) -> HoldfastError {
        HoldfastError(.corrupt, "The \(subject) is damaged: \(reason). Another copy or an earlier backup is needed.")
    }

    mutating func integer<Integer: FixedWidthInteger>(
        _ type: Integer.Type = Integer.self
    ) throws(HoldfastError) -> Integer {
        let size = Integer.bitWidth / 8
        guard left >= size else { throw damaged("it ends too early") }
        var value: Integer = 0
        for byte in bytes[position..<position + size] {
            value = Integer(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) << 8 | UInt64(byte))
        }
        position += size
        return value
    }

    mutating func raw(_ count: Int) throws(HoldfastError) -> [UInt8] {
        guard count >= 0, left >= count else { throw damaged("it ends too early") }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func name() throws(HoldfastError) -> ChunkName {
        ChunkName(words: (try integer(), try integer(), try integer(), try integer()))
    }

    mutating func short() throws(HoldfastError) -> [UInt8] { try raw(Int(try integer(UInt16.self))) }

    mutating func long() throws(HoldfastError) -> [UInt8] { try raw(Int(try integer(UInt32.self))) }

    mutating func text(_ bytes: [UInt8]) throws(HoldfastError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw damaged("a text in it is not UTF-8") }
        return text
    }

    /// Magic and version, with which every format begins.
    mutating func format(_ format: Format) throws(HoldfastError) {
        guard try raw(Format.magicLength) == format.magic else { throw damaged("it doesn't begin like one") }
        let version = try integer(UInt16.self)
        guard version == format.version else {
            throw HoldfastError(
                .unsupported,
                "The \(subject) has format version \(version), and this program reads \(format.version). Update Holdfast."
            )
        }
    }

    func finish() throws(HoldfastError) {
        guard left == 0 else { throw damaged("\(left) bytes too many") }
    }
}
