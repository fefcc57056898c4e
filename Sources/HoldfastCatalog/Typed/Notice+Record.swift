package import HoldfastModel

/// In the scope of those that wait or of those that ended.
extension WebhookDelivery: CatalogRecord {
    package typealias Scope = OutgoingMail.Scope

    package static var recordKind: RecordKind { .delivery }
    package var catalogKey: WebhookDeliveryID { id }
    package var catalogScope: String { (state == .waiting ? Scope.waiting : .ended).rawValue }
    package var catalogGroup: String { target.text }
    package var catalogOrder: Int64 { (endedAt ?? createdAt).milliseconds }
}

/// In the scope of their project, by identifier, or of the cluster.
extension NoticeTarget: CatalogRecord {
    package static let clusterScope = "cluster"

    package static var recordKind: RecordKind { .notice }
    package var catalogKey: NoticeTargetID { id }
    package var catalogScope: String { project?.id.text ?? Self.clusterScope }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}
