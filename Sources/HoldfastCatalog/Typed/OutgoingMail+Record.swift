package import HoldfastModel

/// In the scope of those that wait or of those that ended.
extension OutgoingMail: CatalogRecord {
    package enum Scope: String, Sendable {
        case waiting, ended
    }

    package static var recordKind: RecordKind { .mail }
    package var catalogKey: MailID { id }
    package var catalogScope: String { (state == .waiting ? Scope.waiting : .ended).rawValue }
    package var catalogOrder: Int64 { (endedAt ?? createdAt).milliseconds }
}
