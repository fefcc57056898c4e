package import HoldfastModel

/// In the scope of its environment and the group of its project, both by name; they need not exist any more.
extension Backup: CatalogRecord {
    package static var recordKind: RecordKind { .backup }
    package var catalogKey: BackupID { id }
    package var catalogScope: String { environment.description }
    package var catalogGroup: String { environment.project.text }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}
