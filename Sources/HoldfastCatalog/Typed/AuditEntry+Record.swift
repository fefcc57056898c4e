package import HoldfastModel

/// All in one scope, and in the group of the project that it is about: by identifier, so that who owns a project of a
/// later time under the same name doesn't see it.
extension AuditEntry: CatalogRecord {
    package static let scope = "all"

    package static var recordKind: RecordKind { .audit }
    package var catalogKey: AuditID { id }
    package var catalogScope: String { Self.scope }
    package var catalogGroup: String { projectID?.text ?? "" }
    package var catalogOrder: Int64 { at.milliseconds }
}
