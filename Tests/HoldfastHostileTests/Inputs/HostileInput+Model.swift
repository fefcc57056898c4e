import HoldfastModel

extension HostileInput {
    static var model: [HostileInput] {
        [
            HostileInput(
                "names",
                seeds: ["shop/live", "media:pictures", "01aaaaaaaaaa", "2026-01-02T03:04:05Z", "a-b"].map {
                    Array($0.utf8)
                }
            ) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                if let name = try? Name(text) { try hold(name.text == text, "another name") }
                if let id = JobID(text) { try hold(id.text == text, "another identifier") }
                if let service = try? ServiceReference(text) {
                    try hold(try ServiceReference(service.description) == service, "another service")
                }
                if let time = Timestamp(text) { _ = time.description }
                let shown = text.printable()
                try hold(!shown.unicodeScalars.contains { $0.properties.generalCategory == .control }, "not printable")
                _ = try EnvironmentReference(text)
            }
        ]
    }
}
