package import HoldfastModel

/// Named by name, so that a name is unique; the identifier, which outlives a change of name, is in the value.
extension Project: CatalogRecord {
    package static var recordKind: RecordKind { .project }
    package var catalogKey: Name { name }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}
