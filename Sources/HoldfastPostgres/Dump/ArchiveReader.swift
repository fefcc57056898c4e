/// Reads the primitive values of PostgreSQL's custom archive format out of bytes that may not all be there yet.
///
/// - An *integer* is a sign byte and `integerSize` bytes, least significant first.
/// - A *string* is an integer, its length, and so many bytes; a length of -1 is no string at all.
struct ArchiveReader {
    enum Failure: Error {
        /// The bytes end within a value; try again with more.
        case needsMore
        case malformed(String)
    }

    static let integerSize = 4
    static let stringLimit = 64 << 20

    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0
    private let encoding: DumpEncoding

    init(_ bytes: UnsafeRawBufferPointer, encoding: DumpEncoding = .utf8) {
        self.bytes = bytes
        self.encoding = encoding
    }

    mutating func byte() throws(Failure) -> UInt8 {
        guard position < bytes.count else { throw .needsMore }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func integer() throws(Failure) -> Int64 {
        guard bytes.count - position >= 1 + Self.integerSize else { throw .needsMore }
        let magnitude = Int64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 1, as: UInt32.self)))
        defer { position += 1 + Self.integerSize }
        return bytes[position] == 0 ? magnitude : -magnitude
    }

    /// - Returns: nil for no string.
    mutating func string() throws(Failure) -> String? {
        let start = position
        guard let range = try stringRange() else { return nil }
        guard range.upperBound <= bytes.count else {
            position = start
            throw .needsMore
        }
        position = range.upperBound
        return encoding.decode(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    /// A string as it stands there. - Returns: nil for no string, which is passed over.
    mutating func bytesOfString() throws(Failure) -> [UInt8]? {
        let start = position
        guard let range = try stringRange() else {
            position = start
            return nil
        }
        guard range.upperBound <= bytes.count else { throw .needsMore }
        position = range.upperBound
        return Array(bytes[range])
    }

    /// Passes over a string. - Returns: whether there was one.
    mutating func skipString() throws(Failure) -> Bool {
        guard let range = try stringRange() else { return false }
        guard range.upperBound <= bytes.count else { throw .needsMore }
        position = range.upperBound
        return true
    }

    mutating func skip(_ count: Int) throws(Failure) {
        guard bytes.count - position >= count else { throw .needsMore }
        position += count
    }

    private mutating func stringRange() throws(Failure) -> Range<Int>? {
        let length = try integer()
        guard length >= 0 else { return nil }
        guard length <= Self.stringLimit else { throw .malformed("a text of \(length) bytes") }
        return position..<position + Int(length)
    }
}
