package import HoldfastModel

/// In the scope of the open or the ended jobs, and in the group of its environment.
extension Job: CatalogRecord {
    package enum Scope: String, Sendable {
        /// The job's machine has not ended: it runs, waits for something or someone, or, a restore, keeps the old content.
        case open
        case ended
    }

    package static var recordKind: RecordKind { .job }
    package var catalogKey: JobID { id }
    package var catalogScope: String { scope.rawValue }
    package var catalogGroup: String { environment.description }
    package var catalogOrder: Int64 { createdAt.milliseconds }

    package var scope: Scope {
        let hasEnded =
            switch machine {
            case .backup(let machine): machine.ending != nil
            case .restore(let saga): saga.ending != nil
            case .verify(let machine): machine.ending != nil
            case .collect(let machine): machine.ending != nil
            case .download(let machine): machine.ending != nil
            case .repair(let machine): machine.ending != nil
            case .fileRestore(let machine): machine.ending != nil
            }
        return hasEnded ? .ended : .open
    }
}
