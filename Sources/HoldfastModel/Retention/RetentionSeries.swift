/// The labelled backups of one service. Decides what a new one is labelled, which older one moves up for it, and which
/// are more than the policy keeps.
///
/// A label loses its oldest only when a new one comes or when it has more than its count: where backups fail, what there
/// is stays.
struct RetentionSeries: Sendable {
    struct Member: Hashable, Sendable {
        let backup: BackupID
        let createdAt: Timestamp
        fileprivate(set) var label: RetentionLabel
        fileprivate(set) var since: Timestamp

        fileprivate mutating func move(to label: RetentionLabel, _ since: Timestamp) {
            (self.label, self.since) = (label, since)
        }
    }

    let policy: RetentionPolicy
    let calendar: RetentionCalendar
    /// The oldest first.
    private(set) var members: [Member] = []

    init(policy: RetentionPolicy, calendar: RetentionCalendar) {
        (self.policy, self.calendar) = (policy, calendar)
    }

    /// One that was labelled before.
    mutating func add(_ backup: BackupID, createdAt: Timestamp, label: RetentionLabel, since: Timestamp) {
        insert(Member(backup: backup, createdAt: createdAt, label: label, since: since))
    }

    /// A new one comes, labelled by how often its schedule runs. The first of a day, week or month moves the oldest of the
    /// label below up, as long as another is left there.
    mutating func arrive(_ backup: BackupID, createdAt: Timestamp, label: RetentionLabel) {
        // The schedule runs less often than it did: what it made before is kept like what it makes now.
        for index in members.indices where members[index].label < label {
            members[index].move(to: label, createdAt)
        }
        insert(Member(backup: backup, createdAt: createdAt, label: label, since: createdAt))
        var lower = label
        for upper in RetentionLabel.allCases where upper > label && policy.count(of: upper) > 0 {
            guard members.count(where: { $0.label == lower }) > 1,
                let oldest = members.firstIndex(where: { $0.label == lower }), isDue(upper, at: createdAt)
            else { return }
            members[oldest].move(to: upper, createdAt)
            lower = upper
        }
    }

    /// Whether none moved up to the label in that hour, day, week or month.
    private func isDue(_ label: RetentionLabel, at instant: Timestamp) -> Bool {
        let period = calendar.position(instant).period(of: label)
        return !members.contains { $0.label == label && calendar.position($0.since).period(of: label) == period }
    }

    /// Those beyond their label's count that are also older than it keeps.
    func surplus(at now: RetentionCalendar.Position) -> [Member] {
        var seen: [RetentionLabel: Int] = [:]
        var surplus: [Member] = []
        for member in members.reversed() {
            let rank = seen[member.label, default: 0]
            seen[member.label] = rank + 1
            let count = policy.count(of: member.label)
            if rank >= count, calendar.position(member.createdAt).isPast(count, member.label, at: now) {
                surplus.append(member)
            }
        }
        return surplus
    }

    mutating func remove(_ backup: BackupID) { members.removeAll { $0.backup == backup } }

    /// How many of its label are newer, and how many there are.
    func place(of member: Member) -> (rank: Int, count: Int) {
        let alike = members.filter { $0.label == member.label }
        return (alike.count { ($0.createdAt, $0.backup) > (member.createdAt, member.backup) }, alike.count)
    }

    private mutating func insert(_ member: Member) {
        var index = members.count
        while index > 0, (member.createdAt, member.backup) < (members[index - 1].createdAt, members[index - 1].backup) {
            index -= 1
        }
        members.insert(member, at: index)
    }
}
