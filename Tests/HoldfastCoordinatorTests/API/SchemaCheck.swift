@testable import HoldfastWeb

/// Holds JSON against a schema, as far as the API's document uses schemas; a word it doesn't know is a mistake, too.
///
/// Beyond what JSON Schema asks, an object may have no member that its schema doesn't name: the document is to be whole.
struct SchemaCheck {
    let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    private static let words: Set<String> = [
        "type", "properties", "required", "items", "enum", "pattern", "format", "description", "additionalProperties",
        "minimum", "maximum", "maxItems", "maxLength", "$ref", "oneOf",
    ]

    func mistakes(in value: JSONValue, against schema: JSONValue, at path: String = "") -> [String] {
        guard case .object(let schema) = schema else { return ["\(path): no schema"] }
        let unknown = Set(schema.keys).subtracting(Self.words)
        if !unknown.isEmpty { return ["\(path): unknown words \(unknown)"] }
        if let reference = schema["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            guard let target = document["components"]?["schemas"]?[name] else { return ["\(path): no \(reference)"] }
            return mistakes(in: value, against: target, at: path)
        }
        if case .array(let choices) = schema["oneOf"] {
            let fitting = choices.count { self.mistakes(in: value, against: $0, at: path).isEmpty }
            return fitting == 1 ? [] : ["\(path): fits \(fitting) of the choices: \(value)"]
        }
        var mistakes = type(of: value, schema["type"]?.text, path)
        if case .array(let words) = schema["enum"], !words.contains(value) { mistakes.append("\(path): \(value)") }
        if let pattern = schema["pattern"]?.text, let text = value.text,
            let expression = try? Regex(pattern), text.wholeMatch(of: expression) == nil
        {
            mistakes.append("\(path): \(text) is not \(pattern)")
        }
        switch value {
        case .object(let members): mistakes += self.members(members, schema, path)
        case .array(let items):
            guard let item = schema["items"] else { break }
            for (index, value) in items.enumerated() {
                mistakes += self.mistakes(in: value, against: item, at: "\(path)[\(index)]")
            }
        default: break
        }
        return mistakes
    }

    private func members(_ members: [String: JSONValue], _ schema: [String: JSONValue], _ path: String) -> [String] {
        var mistakes: [String] = []
        if case .array(let required) = schema["required"] {
            for name in required.compactMap(\.text) where members[name] == nil {
                mistakes.append("\(path): no \(name)")
            }
        }
        for (name, value) in members {
            if let known = schema["properties"]?[name] ?? schema["additionalProperties"] {
                mistakes += self.mistakes(in: value, against: known, at: "\(path).\(name)")
            } else if schema["type"] != nil {
                mistakes.append("\(path): \(name) is not in the document")
            }
        }
        return mistakes
    }

    private func type(of value: JSONValue, _ type: String?, _ path: String) -> [String] {
        let fits =
            switch (type, value) {
            case (nil, _), ("string", .string), ("integer", .integer), ("boolean", .boolean), ("number", .number),
                ("number", .integer), ("array", .array), ("object", .object):
                true
            default: false
            }
        return fits ? [] : ["\(path): \(value) is no \(type ?? "")"]
    }
}
