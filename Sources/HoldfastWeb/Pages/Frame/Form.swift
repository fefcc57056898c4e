import Foundation
import HoldfastModel
import Hummingbird

/// What a browser sends with a form: names, each with its values in order. At most 64 KiB and 500 fields.
struct Form: Sendable {
    static let longest = 64 << 10
    static let mostFields = 500

    private let fields: [String: [String]]

    /// - Throws: `malformed` for what is no form, `tooLarge` for one that is too long.
    init(_ request: Request) async throws {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            throw HoldfastError(.malformed, "That is no form")
        }
        var request = request
        let bytes: String
        do {
            bytes = String(buffer: try await request.collectBody(upTo: Self.longest))
        } catch {
            throw HoldfastError(.tooLarge, "A form has at most \(Self.longest) bytes")
        }
        try self.init(bytes)
    }

    init(_ text: String) throws(HoldfastError) {
        var fields: [String: [String]] = [:]
        for (index, piece) in text.split(separator: "&").enumerated() {
            guard index < Self.mostFields else {
                throw HoldfastError(.tooLarge, "A form has at most \(Self.mostFields) fields")
            }
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(halves[0]), let value = Self.decode(halves.count == 2 ? halves[1] : "") else {
                throw HoldfastError(.malformed, "That is no form")
            }
            fields[name, default: []].append(value)
        }
        self.fields = fields
    }

    private static func decode(_ text: Substring) -> String? {
        String(text.map { $0 == "+" ? " " : $0 }).removingPercentEncoding
    }

    /// As the value of a field in an address.
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let sign = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (sign.isLetter || sign.isNumber || "-_./".contains(sign))
            return isPlain ? String(sign) : "%" + [byte].hexadecimal.uppercased()
        }.joined()
    }

    /// Its value without blanks around it; nil where there is none.
    subscript(name: String) -> String? {
        guard let text = fields[name]?.first?.trimmed, !text.isEmpty else { return nil }
        return text
    }

    /// Every character of it, as passwords need.
    func exact(_ name: String) -> String { fields[name]?.first ?? "" }

    func all(_ name: String) -> [String] { fields[name] ?? [] }

    func has(_ name: String) -> Bool { fields[name] != nil }

    /// - Throws: `invalidArgument` where it is missing.
    func need(_ name: String, _ what: String) throws(HoldfastError) -> String {
        guard let text = self[name] else { throw HoldfastError(.invalidArgument, "Please fill in: \(what)") }
        return text
    }

    func number(_ name: String, _ what: String) throws(HoldfastError) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text) else {
            throw HoldfastError(.invalidArgument, "\(what) is a whole number, not “\(text.printable(limit: 40))”")
        }
        return number
    }
}

extension String {
    var trimmed: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
