/// Bytes in Crockford's base 32, lower case, without padding.
enum TokenBase32 {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var (digits, bits, count): ([UInt8], UInt32, Int) = ([], 0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                digits.append(alphabet[Int(bits >> UInt32(count) & 31)])
            }
            bits &= (1 << UInt32(count)) - 1
        }
        if count > 0 { digits.append(alphabet[Int(bits << UInt32(5 - count) & 31)]) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Nil where a character isn't of the alphabet, or left-over bits aren't 0.
    static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var (bytes, bits, count): ([UInt8], UInt32, Int) = ([], 0, 0)
        for digit in text.utf8 {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = bits << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
            bits &= (1 << UInt32(count)) - 1
        }
        return count < 5 && bits == 0 ? bytes : nil
    }
}
