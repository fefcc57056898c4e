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
            },
            HostileInput("cron", seeds: cronSeeds) { bytes in
                var parts = Parts(bytes)
                let zone = zones[Int(parts.byte()) % zones.count]
                // Any second of four thousand years.
                let seconds = (0..<5).reduce(Int64(0)) { number, _ in number << 8 | Int64(parts.byte()) }
                let instant = Timestamp(milliseconds: seconds % 126_000_000_000 * 1000)
                let cron = try CronExpression(String(decoding: parts.all(), as: UTF8.self))
                try hold(try CronExpression(cron.text) == cron, "another expression")
                _ = cron.label
                var due = instant
                for _ in 0..<3 {
                    guard let next = cron.next(after: due, in: zone) else {
                        throw Broken(description: "\(cron) is never due after \(due)")
                    }
                    try hold(next > due, "\(next) after \(due)")
                    due = next
                }
            },
        ]
    }

    private static var cronSeeds: [[UInt8]] {
        let texts = [
            "30 2 * * *", "*/15 8-18/2 * * mon-fri", "0 0 29 2 *", "5,35 * 1-7 jan,jul 7", "@hourly", "0 0 31 * 0",
        ]
        return texts.enumerated().map { [UInt8($0.offset), 0, 0x6a, 0xb1, 0x3b, 0x80] + Array($0.element.utf8) }
    }

    /// Clocks that are put an hour forth and back every half year, and others.
    private static let zones: [ZoneRules] = [
        .utc,
        ZoneRules(name: "halves") { $0.milliseconds / 15_778_800_000 % 2 == 0 ? 3600 : 7200 },
        ZoneRules(name: "east") { _ in 14 * 3600 }, ZoneRules(name: "west") { _ in -43_200 },
        ZoneRules(name: "quarters") { $0.milliseconds / 15_778_800_000 % 2 == 0 ? 12 * 3600 + 2700 : 13 * 3600 + 2700 },
    ]
}
