package import HoldfastModel

/// In the scope of those that hold their backup or of the past ones, and in the group of its environment.
extension Download: CatalogRecord {
    package enum Scope: String, Sendable {
        case live
        case past
    }

    package static var recordKind: RecordKind { .download }
    package var catalogKey: DownloadID { id }
    package var catalogScope: String { (state == .preparing || state == .ready ? Scope.live : .past).rawValue }
    package var catalogGroup: String { environment.description }
    package var catalogOrder: Int64 { createdAt.milliseconds }
}
