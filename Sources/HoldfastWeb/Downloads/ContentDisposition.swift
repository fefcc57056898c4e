import HoldfastModel

/// Tells a browser to save what comes, and under what name (RFC 6266, RFC 8187).
enum ContentDisposition {
    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~".utf8)

    static func attachment(_ name: String) -> String {
        let fallback = name.unicodeScalars.map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7f && !"\"\\%".unicodeScalars.contains(scalar)
                ? String(scalar) : "_"
        }.joined()
        let simple = "attachment; filename=\"\(fallback)\""
        guard fallback != name else { return simple }
        let escaped = name.utf8.map {
            plain.contains($0) ? String(UnicodeScalar($0)) : "%" + [$0].hexadecimal.uppercased()
        }
        return simple + "; filename*=UTF-8''" + escaped.joined()
    }
}
