package import HoldfastModel

/// In the scope of its project's name.
extension Environment: CatalogRecord {
    package static var recordKind: RecordKind { .environment }
    package var catalogKey: EnvironmentReference { reference }
    package var catalogScope: String { reference.project.text }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}
