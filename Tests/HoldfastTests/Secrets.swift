import Foundation

/// Secrets and the files that are meant to hold them, looked for in whatever spelling they might be written.
struct Secrets {
    private struct Secret {
        var name: String
        var homes: [String]
        /// A spelling and its bytes.
        var needles: [(String, Data)]
    }

    private var all: [Secret] = []

    var homes: Set<String> { Set(all.flatMap(\.homes)) }

    mutating func add(_ name: String, _ text: String, in homes: [String]) {
        let bytes = Data(text.utf8)
        var needles = [("plain", bytes), ("reversed", Data(bytes.reversed()))]
        // Base64 of something longer that holds it, wherever that begins: what depends on the neighbours is left out.
        for shift in 0..<3 {
            let shifted = (Data(repeating: 0, count: shift) + bytes).base64EncodedString()
            let inner = shifted.dropFirst(shift == 0 ? 0 : 4).filter { $0 != "=" }.dropLast(2)
            needles.append(("base64", Data(inner.utf8)))
        }
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        needles += [("hex", Data(hex.utf8)), ("HEX", Data(hex.uppercased().utf8))]
        let escaped = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
        needles.append(("URL-encoded", Data(escaped.utf8)))
        if let json = try? JSONEncoder().encode([text]) { needles.append(("JSON", json.dropFirst(2).dropLast(2))) }
        needles.append(("pgpass", Data(text.map { $0 == ":" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined().utf8)))
        all.append(Secret(name: name, homes: homes, needles: needles))
    }

    /// The secret of a key file: its longest line of key material.
    mutating func add(_ name: String, file: String) throws {
        for key in try Self.keys(inside: file) { add(name, key, in: [file]) }
    }

    static func keys(inside file: String) throws -> [String] {
        let text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
            .replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\/", with: "/")
        guard let start = text.range(of: "PRIVATE KEY-----\n") else {
            return [text.trimmingCharacters(in: .whitespacesAndNewlines)]
        }
        // The first line of a PKCS#8 key says the same for every key; the others are the key's own.
        let lines = text[start.upperBound...].split(separator: "\n").prefix { !$0.hasPrefix("-----") }
        return lines.dropFirst().map(String.init)
    }

    func found(in bytes: Data, except home: String? = nil) -> [String] {
        all.flatMap { secret -> [String] in
            if let home, secret.homes.contains(home) { return [] }
            return secret.needles.filter { bytes.range(of: $0.1) != nil }.map { "\(secret.name) (\($0.0))" }
        }
    }
}
