/// Bytes per second, as people write it: `5 MB/s`, `512KiB/s`, `80 Mbit/s`.
package struct ByteRate: Hashable, Sendable {
    package let bytesPerSecond: Int64

    /// The least there may be: slower than that nothing would ever end.
    package static let least: Int64 = 1000
    private static let units: [(name: String, bytes: Int64, per: Int64)] = [
        ("KiB/s", 1 << 10, 1), ("MiB/s", 1 << 20, 1), ("GiB/s", 1 << 30, 1), ("kB/s", 1000, 1), ("KB/s", 1000, 1),
        ("MB/s", 1_000_000, 1), ("GB/s", 1_000_000_000, 1), ("kbit/s", 1000, 8), ("Mbit/s", 1_000_000, 8),
        ("Gbit/s", 1_000_000_000, 8),
    ]

    package init?(bytesPerSecond: Int64) {
        guard bytesPerSecond >= Self.least else { return nil }
        self.bytesPerSecond = bytesPerSecond
    }

    /// - Throws: `invalidArgument`.
    package init(_ text: String) throws(HoldfastError) {
        for unit in Self.units where text.hasSuffix(unit.name) {
            let number = text.dropLast(unit.name.count).filter { $0 != " " }
            guard number.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int64(number) else { break }
            let (bits, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
            guard !overflow, let rate = ByteRate(bytesPerSecond: bits / unit.per) else { break }
            self = rate
            return
        }
        throw HoldfastError(
            .invalidArgument,
            """
            “\(text.printable(limit: 40))” is no rate: write, for example, 5 MB/s, 512 KiB/s or 80 Mbit/s; at least 1 kB/s
            """)
    }
}
