import HoldfastModel

/// A number of bytes as people write it: `512MiB`, `2 GiB`, `1000000`.
struct ByteSize: Hashable, Codable, Sendable {
    var bytes: Int64

    init(_ text: String) throws(HoldfastError) {
        let units: [(String, Int64)] = [
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("", 1),
        ]
        for (unit, factor) in units where text.hasSuffix(unit) {
            let number = text.dropLast(unit.count).filter { $0 != " " }
            let (bytes, overflow) = Int64(number).map { $0.multipliedReportingOverflow(by: factor) } ?? (-1, false)
            guard bytes >= 0, !overflow else { break }
            self.bytes = bytes
            return
        }
        throw HoldfastError(
            .invalidArgument, "“\(text.printable(limit: 40))” is no size: write, for example, 512MiB or 2GiB")
    }

    init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(bytes.isMultiple(of: 1 << 20) ? "\(bytes >> 20)MiB" : String(bytes))
    }
}
