/// Quoting for SQL text. Our sessions have `standard_conforming_strings` on.
enum SQL {
    static func identifier(_ name: String) -> String { "\"" + doubled("\"", in: name) + "\"" }

    /// Backslashes are not special in a plain literal.
    static func literal(_ text: String) -> String { "'" + doubled("'", in: text) + "'" }

    private static func doubled(_ quote: Character, in text: String) -> String {
        text.split(separator: quote, omittingEmptySubsequences: false).joined(separator: String([quote, quote]))
    }
}
