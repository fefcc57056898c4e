package import HoldfastModel

/// Quantities as people read them.
package enum HumanText {
    /// `512 B`, `1.5 KiB`, `3.2 GiB`
    package static func size(_ bytes: Int64) -> String {
        guard bytes >= 1024 else { return "\(max(0, bytes)) B" }
        let units = ["KiB", "MiB", "GiB", "TiB", "PiB"]
        var value = Double(bytes) / 1024
        var unit = 0
        while value >= 1023.95, unit + 1 < units.count {
            value /= 1024
            unit += 1
        }
        return "\(oneDecimal(value)) \(units[unit])"
    }

    /// `1,234,567`
    package static func count(_ number: some BinaryInteger) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// `1 table`, `2 tables`
    package static func count(_ number: some BinaryInteger, _ singular: String, _ plural: String? = nil) -> String {
        "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
    }

    /// `0.4 s`, `45 s`, `2 min 5 s`, `3 h 12 min`, `2 d 4 h`
    package static func duration(_ duration: Duration) -> String {
        let (whole, attoseconds) = duration.components
        let seconds = max(0, whole)
        if seconds < 10 {
            let tenths = whole < 0 ? 0 : Double(seconds) + Double(attoseconds) / 1e18
            return "\(oneDecimal(tenths)) s"
        }
        return switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86_400: pair(seconds / 3600, "h", seconds / 60 % 60, "min")
        default: pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
        }
    }

    /// A setting, in whole units: `24 h`, `90 s`
    package static func duration(seconds: Int) -> String {
        switch seconds {
        case ..<10: "\(seconds) s"
        case ...259_200 where seconds >= 3600 && seconds % 3600 == 0: "\(seconds / 3600) h"
        default: duration(.seconds(seconds))
        }
    }

    package static func rate(_ bytesPerSecond: Double) -> String {
        "\(size(Int64(min(max(0, bytesPerSecond), 1e18))))/s"
    }

    /// One word for a shell, whatever is in it.
    package static func quoted(_ text: String) -> String {
        // By scalars: a quote may be joined with another sign to one letter.
        let pieces = text.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false)
        return "'" + pieces.map { String(Substring($0)) }.joined(separator: "'\\''") + "'"
    }

    /// `2026-11-22 21:30:05 UTC`
    package static func time(_ time: Timestamp) -> String { "\(time.plain) UTC" }

    private static func pair(_ first: Int64, _ firstUnit: String, _ second: Int64, _ secondUnit: String) -> String {
        second == 0 ? "\(first) \(firstUnit)" : "\(first) \(firstUnit) \(second) \(secondUnit)"
    }

    private static func oneDecimal(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
