/// One field of a cron expression: the numbers that match.
struct CronField: Hashable, Sendable {
    enum Kind: String, Sendable {
        case minute, hour, dayOfMonth = "day of the month", month, dayOfWeek = "day of the week"

        var range: ClosedRange<Int> {
            switch self {
            case .minute: 0...59
            case .hour: 0...23
            case .dayOfMonth: 1...31
            case .month: 1...12
            // Both 0 and 7 are Sunday.
            case .dayOfWeek: 0...7
            }
        }

        var names: [String] {
            switch self {
            case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
            case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
            default: []
            }
        }
    }

    /// A bit for each number that matches.
    private let bits: UInt64
    /// Whether it begins with a star, also of `*/5`: it then says how often, not when.
    let isStar: Bool

    init(_ text: Substring, _ kind: Kind) throws(HoldfastError) {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            bits |= try Self.bits(of: item, kind)
        }
        if kind == .dayOfWeek, bits & 1 << 7 != 0 { bits = (bits | 1) & ~(1 << 7) }
        self.bits = bits
        isStar = text.first == "*"
    }

    func matches(_ number: Int) -> Bool { bits & 1 << UInt64(number) != 0 }
    var numbers: [Int] { (0..<60).filter(matches) }
    var count: Int { bits.nonzeroBitCount }

    /// `*`, `5`, `1-5`, `mon-fri`, each also with a step: `*/15`, `8-18/2`, `5/10`.
    private static func bits(of item: Substring, _ kind: Kind) throws(HoldfastError) -> UInt64 {
        let pieces = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var step = 1
        if pieces.count == 2 {
            guard let number = decimal(pieces[1]), number >= 1, number <= kind.range.upperBound else {
                throw refusal(item, kind)
            }
            step = number
        }
        var range = kind == .dayOfWeek ? 0...6 : kind.range
        if let what = pieces.first, what != "*" {
            let ends = what.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = number(ends[0], kind) else { throw refusal(item, kind) }
            var last = first
            if ends.count == 2 {
                guard let number = number(ends[1], kind) else { throw refusal(item, kind) }
                last = number
            } else if pieces.count == 2 {
                last = range.upperBound
            }
            guard first <= last else { throw refusal(item, kind) }
            range = first...last
        }
        return stride(from: range.lowerBound, through: range.upperBound, by: step).reduce(0) { $0 | 1 << UInt64($1) }
    }

    private static func number(_ text: Substring, _ kind: Kind) -> Int? {
        if let index = kind.names.firstIndex(of: text.lowercased()) { return index + kind.range.lowerBound }
        guard let number = decimal(text), kind.range.contains(number) else { return nil }
        return number
    }

    private static func decimal(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count),
            text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
        else { return nil }
        return Int(text)
    }

    private static func refusal(_ item: Substring, _ kind: Kind) -> HoldfastError {
        let range = kind.range
        return HoldfastError(
            .invalidArgument,
            """
            “\(String(item).printable(limit: 30))” is no \(kind.rawValue) of a cron expression: write numbers from \
            \(range.lowerBound) to \(range.upperBound), as in 5, 1-5, 1,3 or */2
            """)
    }
}
