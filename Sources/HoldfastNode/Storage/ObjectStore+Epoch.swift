package import HoldfastModel
package import HoldfastWire

extension ObjectStore {
    /// How far above the highest epoch or layout seen a new one may be: further is a mistake, and obeying it would shut
    /// out every right leader.
    package static let jumpLimit: UInt64 = 1_000_000

    /// The highest epoch obeyed.
    package func highestEpoch() -> Epoch { epoch }

    /// The highest layout heard of.
    package func highestLayout() -> UInt64 { record.layout }

    package nonisolated func obey(_ order: Order) async throws { try await obey(order.epoch) }

    /// Returns once the epoch is durable, and it is the highest.
    /// - Throws: `deposed` where a higher one was obeyed, `malformed` where it is absurdly high.
    package nonisolated func obey(_ ordered: Epoch) async throws {
        let highest = await epoch
        if ordered == highest { return }
        try Self.judge(ordered, against: highest)
        try await recordWrites.withTurn(EpochRecord.path) {
            let highest = await epoch
            if ordered == highest { return }
            try Self.judge(ordered, against: highest)
            try await StateFile.write(EpochRecord(epoch: ordered), at: EpochRecord.path, on: disk)
            await raise(ordered)
        }
    }

    private static func judge(_ ordered: Epoch, against highest: Epoch) throws(HoldfastError) {
        guard ordered > highest else {
            throw HoldfastError(
                .deposed, "The order is of epoch \(ordered), and epoch \(highest) has begun: another coordinator leads")
        }
        guard ordered.number - highest.number <= jumpLimit else {
            throw HoldfastError(.malformed, "Epoch \(ordered) can't follow epoch \(highest)")
        }
    }

    private func raise(_ epoch: Epoch) { self.epoch = max(self.epoch, epoch) }

    /// Notes durably which layout is in use; a lower one than is known changes nothing.
    ///
    /// Only for what a coordinator said: a layout that never was would shut out the real one for good, so that no other
    /// node's word is enough.
    /// - Throws: `malformed` where it is absurdly high.
    package nonisolated func learn(layout: UInt64) async throws {
        try Self.judge(layout: layout, against: await record.layout)
        guard await layout > record.layout else { return }
        try await recordWrites.withTurn(NodeRecord.path) {
            var record = await record
            guard layout > record.layout else { return }
            record.layout = layout
            try await StateFile.write(record, at: NodeRecord.path, on: disk)
            await note(record)
        }
    }

    /// Whether a put or hold by this layout is to be done. A higher layout than is known may be, because whoever names it
    /// may have heard of it first; it is not remembered.
    /// - Throws: `staleLayout` where a coordinator named a higher one; `malformed` where it is absurdly high.
    nonisolated func check(layout: UInt64) async throws {
        let known = await record.layout
        guard layout >= known else {
            throw HoldfastError(
                .staleLayout, "Layout \(layout) is no longer used, \(known) is: ask the coordinator again")
        }
        try Self.judge(layout: layout, against: known)
    }

    private static func judge(layout: UInt64, against known: UInt64) throws(HoldfastError) {
        guard layout <= known || layout - known <= jumpLimit else {
            throw HoldfastError(.malformed, "Layout \(layout) can't follow layout \(known)")
        }
    }

    private func note(_ record: NodeRecord) { self.record = record }
}
