/// Crockford's base 32 in lower case: no `i`, `l`, `o` or `u`.
enum Base32 {
    static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    static func text(of value: UInt64, digits: Int) -> String {
        let bytes = (0..<digits).reversed().map { alphabet[Int(value >> (5 * UInt64($0)) & 31)] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
