import HoldfastModel

extension HoldfastError {
    static func deposed(writer: Epoch, current: Epoch) -> HoldfastError {
        HoldfastError(
            .deposed,
            """
            The catalog is at epoch \(current), and this was written in epoch \(writer): another coordinator leads now; \
            ask that one
            """,
            context: ["epoch": "\(current)"])
    }

    static func conflict(_ key: RecordKey, expected: Int64?, found: Int64?) -> HoldfastError {
        let change =
            switch (expected, found) {
            case (nil, _): "exists already"
            case (_, nil): "was removed meanwhile"
            default: "was changed meanwhile"
            }
        return HoldfastError(
            .conflict, "The \(key.printable) \(change); look at it again and retry",
            context: ["kind": key.kind.rawValue, "key": key.key])
    }

    static func implausibleEpoch(_ epoch: Epoch) -> HoldfastError {
        HoldfastError(
            .invalidArgument, "No coordinator can ever have reached epoch \(epoch); check where it comes from")
    }
}

extension RecordKey {
    /// For messages: `backup 06bqzf3k2m1x`.
    var printable: String { "\(kind.rawValue) \(key.printable(limit: 100))" }
}
