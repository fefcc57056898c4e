import HoldfastCoordinator
import HoldfastModel

/// What `bandwidth:` in `node.yaml` says.
struct BandwidthSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case rate, timeZone, windows
    }

    /// Such as `20 MB/s`; `unlimited` unless said otherwise.
    var rate: String?
    /// By whose clocks the windows go; UTC unless said otherwise.
    var timeZone: String?
    /// Each `mon-fri 08:00-18:00: 5 MB/s`; the first that holds counts.
    var windows: [[String: String]]?

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(of: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rate = try container.decodeIfPresent(String.self, forKey: .rate)
        timeZone = try container.decodeIfPresent(String.self, forKey: .timeZone)
        windows = try container.decodeIfPresent([[String: String]].self, forKey: .windows)
    }

    /// - Throws: `invalidArgument`.
    func timetable() throws(HoldfastError) -> BandwidthTimetable {
        guard let zone = ZoneRules.system(timeZone ?? "UTC") else {
            throw HoldfastError(
                .invalidArgument,
                """
                The setting “bandwidth.timeZone” is no time zone: write one as in Europe/Zurich, or UTC
                """)
        }
        var windows: [BandwidthWindow] = []
        for entry in self.windows ?? [] {
            guard entry.count == 1, let (hours, rate) = entry.first else {
                throw HoldfastError(
                    .invalidArgument,
                    "Each of “bandwidth.windows” has a line of its own, such as “- mon-fri 08:00-18:00: 5 MB/s”")
            }
            windows.append(try BandwidthWindow(hours, rate: try Self.rate(rate)))
        }
        return BandwidthTimetable(
            usual: try rate.flatMap { (text) throws(HoldfastError) in try Self.rate(text) }, windows: windows,
            zone: zone)
    }

    private static func rate(_ text: String) throws(HoldfastError) -> ByteRate? {
        text == "unlimited" ? nil : try ByteRate(text)
    }
}
