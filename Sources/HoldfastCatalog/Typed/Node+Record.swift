package import HoldfastModel

extension Node: CatalogRecord {
    package static var recordKind: RecordKind { .node }
    package var catalogKey: NodeID { id }
    package var catalogOrder: Int64 { joinedAt.milliseconds }
}
