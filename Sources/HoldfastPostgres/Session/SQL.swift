/// Quoting for SQL text. Our sessions have `standard_conforming_strings` on.
enum SQL {
    static func identifier(_ name: String) -> String { "\"" + doubled("\"", in: name) + "\"" }

    /// Backslashes are not special in a plain literal.
    static func literal(_ text: String) -> String { "'" + doubled("'", in: text) + "'" }

    /// By scalars: a quote with an accent on it is one other character to Swift, and a quote all the same to the server.
    private static func doubled(_ quote: Unicode.Scalar, in text: String) -> String {
        var quoted = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == quote { quoted.append(quote) }
            quoted.append(scalar)
        }
        return String(quoted)
    }
}
