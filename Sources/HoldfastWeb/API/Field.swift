import HoldfastModel

/// What a request says: a part of its path, its query, or its body.
struct Field: Sendable {
    enum Kind: Sendable {
        /// Text, of which the pattern says how it is written.
        case text(pattern: String? = nil)
        case secret
        case integer(ClosedRange<Int>)
        case flag
        case choice([String])
        case texts
        /// An object that reads as this type.
        case value(any (Decodable & Sendable).Type)
    }

    var name: String
    var kind: Kind
    var isRequired: Bool
    var about: String

    static func required(_ name: String, _ kind: Kind, _ about: String) -> Field {
        Field(name: name, kind: kind, isRequired: true, about: about)
    }

    static func optional(_ name: String, _ kind: Kind, _ about: String) -> Field {
        Field(name: name, kind: kind, isRequired: false, about: about)
    }

    static let namePattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"
    static let idPattern = "^[0-9a-hjkmnp-tv-z]{12}$"
    static let environmentPattern = "^[a-z0-9-]{1,40}/[a-z0-9-]{1,40}$"

    /// Whether JSON is of the kind; what it says in particular is looked at when it is read.
    ///
    /// - Throws: `invalidArgument`.
    func check(_ value: JSONValue) throws(HoldfastError) {
        switch (kind, value) {
        case (.text, .string), (.secret, .string), (.flag, .boolean), (.value, .object): return
        case (.choice(let words), .string(let text)):
            guard words.contains(text) else { throw mistake("is one of \(words.joined(separator: ", "))") }
        case (.integer(let range), .integer(let number)):
            guard let number = Int(exactly: number), range.contains(number) else {
                throw mistake("is a number from \(range.lowerBound) to \(range.upperBound)")
            }
        case (.texts, .array(let values)):
            guard values.count <= 1000, values.allSatisfy({ $0.text != nil }) else {
                throw mistake("is a list of at most 1000 texts")
            }
        case (.text, _), (.secret, _), (.choice, _): throw mistake("is a text")
        case (.integer, _): throw mistake("is a whole number")
        case (.flag, _): throw mistake("is true or false")
        case (.texts, _): throw mistake("is a list of texts")
        case (.value, _): throw mistake("is an object")
        }
    }

    /// What stands in a query, as JSON of the kind.
    ///
    /// - Throws: `invalidArgument`.
    func read(_ text: String) throws(HoldfastError) -> JSONValue {
        let value: JSONValue
        switch kind {
        case .integer: value = Int64(text).map { .integer($0) } ?? .string(text)
        case .flag: value = ["true": true, "false": false][text].map { .boolean($0) } ?? .string(text)
        case .texts: value = .array(text.split(separator: ",").map { .string(String($0)) })
        default: value = .string(text)
        }
        try check(value)
        return value
    }

    private func mistake(_ what: String) -> HoldfastError {
        HoldfastError(.invalidArgument, "“\(name)” \(what)", context: ["field": name])
    }
}
