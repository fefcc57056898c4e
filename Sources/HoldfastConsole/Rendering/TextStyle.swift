/// What the place of output can show.
package struct TextStyle: Hashable, Sendable {
    /// Nil where lines may be of any length.
    package var columns: Int?
    package var isColoured: Bool

    package init(columns: Int? = nil, isColoured: Bool = false) {
        self.columns = columns
        self.isColoured = isColoured
    }

    package static let plain = TextStyle()

    package enum Colour: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case alarm = "1;31"
    }

    package func paint(_ text: String, _ colour: Colour?) -> String {
        guard isColoured, let colour, !text.isEmpty else { return text }
        return "\u{1b}[\(colour.rawValue)m\(text)\u{1b}[0m"
    }
}
