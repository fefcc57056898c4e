import HoldfastModel

/// Rows under titles, aligned. Where the terminal is too narrow, the flexible columns are cut.
struct TextTable {
    struct Column {
        var title: String
        var isRight = false
        /// May be cut to what is left of the line.
        var isFlexible = false

        static func left(_ title: String) -> Column { Column(title: title) }
        static func right(_ title: String) -> Column { Column(title: title, isRight: true) }
        static func flexible(_ title: String) -> Column { Column(title: title, isFlexible: true) }
    }

    struct Cell {
        var text: String
        var colour: TextStyle.Colour?

        /// Whatever comes from elsewhere is made harmless here.
        init(_ text: String, _ colour: TextStyle.Colour? = nil) {
            self.text = text.printable(limit: 400)
            self.colour = colour
        }
    }

    private static let gap = "  "
    private static let narrowest = 8

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: Column...) { self.columns = columns }

    mutating func add(_ cells: Cell...) {
        precondition(cells.count == columns.count, "a cell for each column")
        rows.append(cells)
    }

    func text(_ style: TextStyle) -> String {
        let widths = widths(in: style)
        let titles = columns.map { Cell($0.title, .bold) }
        return ([titles] + rows).map { line($0, widths, style) }.joined(separator: "\n")
    }

    private func widths(in style: TextStyle) -> [Int] {
        var widths = columns.indices.map { column in
            rows.reduce(DisplayWidth.of(columns[column].title)) { max($0, DisplayWidth.of($1[column].text)) }
        }
        guard let limit = style.columns else { return widths }
        var excess = widths.reduce(0, +) + Self.gap.count * (columns.count - 1) - limit
        for column in columns.indices.reversed() where columns[column].isFlexible && excess > 0 {
            let cut = min(excess, max(0, widths[column] - max(Self.narrowest, columns[column].title.count)))
            widths[column] -= cut
            excess -= cut
        }
        return widths
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: TextStyle) -> String {
        var pieces: [String] = []
        for (index, cell) in cells.enumerated() {
            let text = DisplayWidth.truncated(cell.text, to: widths[index])
            let blank = String(repeating: " ", count: max(0, widths[index] - DisplayWidth.of(text)))
            let painted = style.paint(text, cell.colour)
            let isLast = index == cells.count - 1
            pieces.append(columns[index].isRight ? blank + painted : painted + (isLast ? "" : blank))
        }
        // A last cell that is empty must leave no blanks at the line's end.
        var line = pieces.joined(separator: Self.gap)
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension TextTable.Cell: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self.init(text) }
}
