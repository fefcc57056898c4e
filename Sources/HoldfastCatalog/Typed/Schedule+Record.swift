package import HoldfastModel

/// One for an environment at most, in the scope of the planned or the idle ones, in the order of their next runs.
extension Schedule: CatalogRecord {
    package enum Scope: String, Sendable {
        case planned
        /// Paused, or without a next run.
        case idle
    }

    package static var recordKind: RecordKind { .schedule }
    package var catalogKey: EnvironmentReference { environment }
    package var catalogScope: String { (next == nil ? Scope.idle : .planned).rawValue }
    package var catalogGroup: String { environment.project.text }
    package var catalogOrder: Int64 { next?.startsAt.milliseconds ?? 0 }
}
