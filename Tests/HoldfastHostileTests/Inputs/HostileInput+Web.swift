import HoldfastModel

@testable import HoldfastWeb

extension HostileInput {
    /// What browsers and programs send, once it is in: heads and bodies.
    static var web: [HostileInput] {
        let forms = [
            "name=n%C3%A4chtlich&time=02%3A30&days=1&days=2&empty=&token=0f1e", "a=b+c&a=%2B&=&c",
        ]
        return [
            HostileInput("form", seeds: forms.map { Array($0.utf8) }) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                let form = try Form(text)
                for name in ["name", "a", "days", ""] {
                    for value in form.all(name) {
                        let again = try Form("\(name)=\(Form.encode(value))")
                        try hold(again.exact(name) == value, "another value")
                    }
                    let trimmed = form[name] ?? ""
                    try hold(trimmed.utf8.count <= form.exact(name).utf8.count, "a value that grows")
                    _ = try? form.number(name, "It")
                }
            },
            HostileInput("api-body", seeds: WebSamples.bodies, later: readBody),
            HostileInput("range-request", seeds: WebSamples.ranges) { bytes in
                var parts = Parts(bytes)
                let sizes: [Int64] = [0, 1, 10, 1 << 40, .max]
                let size = sizes[Int(parts.byte()) % sizes.count]
                let words = lines(of: parts.all(), 6).map { $0.isEmpty ? nil : $0 }
                let request = RangeRequest(
                    isGet: true, range: words[0], ifRange: words[1], ifMatch: words[2], ifNoneMatch: words[3],
                    ifModifiedSince: words[4], ifUnmodifiedSince: words[5])
                let answer = request.answer(
                    byteCount: size, etag: "\"e\"", modified: "Sun, 06 Nov 1994 08:49:37 GMT",
                    modifiedSeconds: 784_111_777)
                if case .part(let range) = answer {
                    try hold(!range.isEmpty && range.lowerBound >= 0 && range.upperBound <= size, "\(range) of \(size)")
                }
                let name = ContentDisposition.attachment(words[0] ?? "")
                try hold(name.utf8.allSatisfy { (0x20..<0x7f).contains($0) }, "a head that is not plain")
            },
        ]
    }

    /// Every way with a body, each as the service reads it: the kinds of its fields, then the command.
    private static func readBody(_ bytes: [UInt8]) async throws {
        var parts = Parts(bytes)
        let route = WebSamples.routes[Int(parts.byte()) % WebSamples.routes.count]
        var values = Values(all: WebSamples.path)
        values.all.merge(try APIBody.members(in: parts.all(), of: route.body ?? [])) { first, _ in first }
        let command = try route.command(values)
        try hold(command.kind == route.kind, "another command")
        if let change = command.change {
            let isPlain = change.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            try hold(isPlain, "a control character reaches the audit")
        }
    }
}

/// Good bodies of the API, and good heads.
enum WebSamples {
    static let routes = APIRoutes.all.filter { $0.body != nil }

    static let path: [String: JSONValue] = {
        var path: [String: JSONValue] = [:]
        for field in routes.flatMap(\.pathFields) { path[field.name] = "01eeeeeeeeee" }
        for name in ["project", "environment", "user", "node"] { path[name] = "shop" }
        path["service"] = "media:uploads"
        return path
    }()

    /// For each way one with all of its fields, and one with those it needs.
    static var bodies: [[UInt8]] {
        routes.enumerated().flatMap { number, route in
            let fields = route.body ?? []
            return [fields, fields.filter(\.isRequired)].map { fields in
                let members = fields.map { "\"\($0.name)\":\(sample($0))" }.joined(separator: ",")
                return [UInt8(number)] + Array("{\(members)}".utf8)
            }
        }
    }

    private static func sample(_ field: Field) -> String {
        switch field.kind {
        case .text(Field.environmentPattern): "\"shop/live\""
        case .text(Field.idPattern): "\"01eeeeeeeeee\""
        case .text(let pattern): pattern == nil ? "\"30 2 * * *\"" : "\"shop\""
        case .secret: "\"postgresql://a:b@c/d\""
        case .integer(let range): "\(range.lowerBound)"
        case .flag: "true"
        case .choice(let words): "\"\(words[0])\""
        case .texts: "[\"media\"]"
        case .value: "{\"daily\":7,\"weekly\":4,\"preset\":\"daily\",\"text\":\"30 2 * * *\"}"
        }
    }

    static let ranges = [
        "bytes=0-4\n\"e\"", "bytes=-5\nSun, 06 Nov 1994 08:49:37 GMT", "bytes=7-\n\n*", "\n\n\n\"a\", W/\"e\"",
        "\n\n\n\nSun, 06 Nov 1994 08:49:37 GMT\nMon, 07 Nov 1994 08:49:37 GMT",
    ].map { [2] + Array($0.utf8) }
}
