import HoldfastModel

/// Labels and values, one pair a line, the values aligned.
struct TextFields {
    private var pairs: [(label: String, value: String, colour: TextStyle.Colour?)] = []

    /// Nothing is added for a value of nil.
    mutating func add(_ label: String, _ value: String?, _ colour: TextStyle.Colour? = nil) {
        guard let value else { return }
        pairs.append((label, value.printable(limit: 2000), colour))
    }

    func text(_ style: TextStyle) -> String {
        let width = pairs.map(\.label.count).max() ?? 0
        return pairs.map { pair in
            let blank = String(repeating: " ", count: width - pair.label.count)
            return "  \(style.paint(pair.label, .dim))\(blank)  \(style.paint(pair.value, pair.colour))"
        }.joined(separator: "\n")
    }
}
