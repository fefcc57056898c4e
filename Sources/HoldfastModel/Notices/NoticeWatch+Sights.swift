extension NoticeWatch.Sight {
    /// How a node is, as far as notices are concerned.
    package struct Node: Hashable, Sendable {
        package var id: NodeID
        package var name: Name
        package var region: Name
        /// Nil while it isn't known, or not for sure.
        package var isUp: Bool?
        package var freeBytes: Int64?
        package var capacityBytes: Int64?
        package var takesWrites: Bool?

        package init(
            id: NodeID, name: Name, region: Name, isUp: Bool?, freeBytes: Int64? = nil, capacityBytes: Int64? = nil,
            takesWrites: Bool? = nil
        ) {
            self.id = id
            self.name = name
            self.region = region
            self.isUp = isUp
            self.freeBytes = freeBytes
            self.capacityBytes = capacityBytes
            self.takesWrites = takesWrites
        }
    }

    package static func all(of nodes: [Node], at now: Timestamp) -> [Self] {
        let regions = Dictionary(grouping: nodes, by: \.region).sorted { $0.key < $1.key }
        return nodes.map { presence(of: $0, at: now) } + nodes.map { space(on: $0, at: now) }
            + regions.filter { $0.value.count > 1 }.map { region($0.key, $0.value, at: now) }
    }

    private static func presence(of node: Node, at now: Timestamp) -> Self {
        let isUp = node.isUp
        var notice = Notice(
            .nodeDown, at: now, isOver: isUp == true,
            text: isUp == true
                ? "Node \(node.name) in region \(node.region) answers again."
                : """
                Node \(node.name) in region \(node.region) does not answer. Jobs that need it wait; what it keeps is read \
                from other nodes as far as there are copies.
                """)
        (notice.node, notice.region) = (node.name, node.region)
        return Self(key: "node-down/\(node.id)", state: isUp.map { $0 ? .good : .bad } ?? .unclear, notice: notice)
    }

    /// Short below a tenth of the disk; and enough only above an eighth, so that what goes up and down is told once.
    private static func space(on node: Node, at now: Timestamp) -> Self {
        var state = State.unclear
        if let takesWrites = node.takesWrites, let free = node.freeBytes, let capacity = node.capacityBytes {
            if !takesWrites || free < capacity / 10 {
                state = .bad
            } else if free >= capacity / 8 {
                state = .good
            }
        }
        let left = "\((node.freeBytes ?? 0) >> 20) MiB of \((node.capacityBytes ?? 0) >> 20) MiB are free"
        var notice = Notice(
            .spaceShort, at: now, isOver: state == .good,
            text: state == .good
                ? "Node \(node.name) in region \(node.region) has space again: \(left)."
                : """
                Space runs out on node \(node.name) in region \(node.region): \(left)\
                \(node.takesWrites == false ? ", and it takes no more backups" : ""). Make room there, or add a node.
                """)
        (notice.node, notice.region) = (node.name, node.region)
        return Self(key: "space-short/\(node.id)", state: state, notice: notice)
    }

    private static func region(_ name: Name, _ nodes: [Node], at now: Timestamp) -> Self {
        let states = nodes.map(\.isUp)
        let state: State = states.contains(true) ? .good : states.allSatisfy { $0 == false } ? .bad : .unclear
        var notice = Notice(
            .regionDown, at: now, isOver: state == .good,
            text: state == .good
                ? "Region \(name) answers again, at least one of its \(nodes.count) nodes."
                : "None of the \(nodes.count) nodes of region \(name) answers.")
        notice.region = name
        return Self(key: "region-down/\(name)", state: state, notice: notice)
    }

    /// Whether the backup of a scheduled environment is overdue: half the time from the first run without a good backup to
    /// the next is over; or all of it, while one is being made.
    ///
    /// - Parameters:
    ///   - lastGood: when the last good backup was begun.
    ///   - isAtWork: whether one is being made.
    /// - Returns: nil for one that isn't planned.
    package static func backup(
        _ schedule: Schedule, lastGood: Timestamp?, isAtWork: Bool, at now: Timestamp, in zone: ZoneRules
    ) throws(HoldfastError) -> Self? {
        guard schedule.pausedAt == nil, schedule.next != nil else { return nil }
        // A backup that was begun for this run begins a little after it.
        let since = max(lastGood ?? schedule.createdAt, schedule.createdAt)
        let runs = try schedule.runs(after: since, in: zone, count: 2)
        guard let first = runs.first else { return nil }
        var isOverdue = false
        if let second = runs.dropFirst().first {
            let whole = second.startsAt.milliseconds - first.startsAt.milliseconds
            let patience = max(isAtWork ? whole : whole / 2, Int64(Schedule.grace / .milliseconds(1)))
            isOverdue = now.milliseconds >= first.startsAt.milliseconds + patience
        }
        let isGood = lastGood != nil && now < first.startsAt
        let past = lastGood.map { "The last good one was begun at \($0.plain) UTC." } ?? "There is no good one yet."
        var notice = Notice(
            .backupOverdue, at: now, isOver: isGood,
            text: isGood
                ? "\(schedule.environment) is backed up again. \(past)"
                : "The backup of \(schedule.environment) that was due at \(first.startsAt.plain) UTC is overdue. \(past)"
        )
        notice.project = schedule.project
        notice.environment = schedule.environment
        return Self(
            key: "backup-overdue/\(schedule.environment)", state: isOverdue ? .bad : isGood ? .good : .unclear,
            notice: notice)
    }
}
