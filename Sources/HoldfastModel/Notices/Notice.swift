/// Something that happened, or began, or is over, which people want to be told.
package struct Notice: Hashable, Codable, Sendable {
    package var kind: NoticeKind
    package var at: Timestamp
    /// What had begun is over: the node is back, there is a good backup again. Never for what only happens.
    package var isOver: Bool
    /// Whose it is; nil for what is the cluster's.
    package var project: ProjectID?
    package var environment: EnvironmentReference?
    package var job: JobID?
    package var backup: BackupID?
    package var node: Name?
    package var region: Name?
    /// One sentence, or a few; whoever reads it knows nothing else. No secret is in it.
    package private(set) var text: String

    package init(_ kind: NoticeKind, at: Timestamp, isOver: Bool = false, text: String) {
        self.kind = kind
        self.at = at
        self.isOver = isOver
        self.text = text.printable(limit: Self.textLimit)
    }

    package static let textLimit = 1000

    /// What it is, in a few words, as for the subject of a mail.
    package var title: String {
        let place = environment.map { " of \($0)" } ?? ""
        return switch (kind, isOver) {
        case (.backupFailed, _): "A backup\(place) failed"
        case (.backupMissed, _): "Scheduled backups\(place) were missed"
        case (.backupOverdue, false): "The backup\(place) is overdue"
        case (.backupOverdue, true): "There is a good backup\(place) again"
        case (.restoreFinished, _): "A restore\(environment.map { " into \($0)" } ?? "") has ended"
        case (.restoreStuck, _): "A restore\(environment.map { " into \($0)" } ?? "") needs you"
        case (.downloadReady, _): "A download\(place) is ready"
        case (.verificationFailed, _): "A backup\(place) did not pass its verification"
        case (.nodeDown, false): "Node \(node?.text ?? "") is down"
        case (.nodeDown, true): "Node \(node?.text ?? "") is back"
        case (.regionDown, false): "Region \(region?.text ?? "") is down"
        case (.regionDown, true): "Region \(region?.text ?? "") is back"
        case (.spaceShort, false): "Space runs out on node \(node?.text ?? "")"
        case (.spaceShort, true): "Node \(node?.text ?? "") has space again"
        case (.undelivered, _): "Notices don’t arrive somewhere"
        case (.test, _): "A test of Holdfast’s notices"
        }
    }
}
