import Foundation
import HoldfastModel
import Hummingbird

/// What a browser sends with a form: names, each with its values in order. At most 64 KiB and 500 fields.
struct Form: Sendable {
    static let longest = 64 << 10
    static let mostFields = 500

    private let fields: [String: [String]]

    /// - Throws: `malformed` for what is no form, `tooLarge` for one that is too long.
    init(_ request: Request, time: any TimeSource) async throws {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true else {
            throw HoldfastError(.malformed, "That is no form")
        }
        let body = APIBody(request, limit: Self.longest, timeout: .seconds(30), time: time)
        try self.init(String(decoding: try await body.bytes(), as: UTF8.self))
    }

    init(_ text: String) throws(HoldfastError) {
        var fields: [String: [String]] = [:]
        // By bytes: some letters take the square of their length to compare.
        for (index, piece) in text.utf8.split(separator: UInt8(ascii: "&")).enumerated() {
            guard index < Self.mostFields else {
                throw HoldfastError(.tooLarge, "A form has at most \(Self.mostFields) fields")
            }
            let halves = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(halves[0]),
                let value = Self.decode(halves.count == 2 ? halves[1] : "".utf8[...]),
                name.utf8.count <= Self.longestName, name.utf8.allSatisfy({ $0 < 0x80 })
            else {
                throw HoldfastError(.malformed, "That is no form")
            }
            fields[name, default: []].append(value)
        }
        self.fields = fields
    }

    private static let longestName = 64

    private static func decode(_ text: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
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
