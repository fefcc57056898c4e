import Foundation
package import HoldfastModel

extension ZoneRules {
    /// The zones this program knows.
    package static let system: ZoneLookup = { name in
        if name == "UTC" { return .utc }
        // Foundation would take `GMT+5` and abbreviations as well, which have no rules.
        guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
        return ZoneRules(name: name) { instant in
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.milliseconds) / 1000))
        }
    }
}
