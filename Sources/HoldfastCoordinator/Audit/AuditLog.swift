import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

/// What was changed, as it is looked at and forgotten.
struct AuditLog: Sendable {
    private static let pageSize = 500
    /// How far it is looked for what a filter lets through.
    private static let scanLimit = 200_000

    let office: Office

    /// The newest first.
    ///
    /// - Throws: `notFound` for a project that isn't there, or an entry to continue after that is gone.
    func entries(_ list: AuditList) async throws -> [AuditEntry] {
        let limit = min(max(list.limit, 1), AuditList.limitRange.upperBound)
        let group = try await list.project.asyncMap { try await office.projects[$0].record().value.id.text }
        var last: Stored<AuditEntry>?
        if let after = list.after {
            last = try await office.catalog.get(AuditEntry.self, after)
            guard last != nil else { throw HoldfastError(.notFound, "There is no audit entry \(after) any more") }
        }
        var found: [AuditEntry] = []
        var scanned = 0
        while found.count < limit, scanned < Self.scanLimit {
            let page = try await office.catalog.list(
                AuditEntry.self, scope: AuditEntry.scope, group: group, descending: true, limit: Self.pageSize,
                after: last)
            for entry in page.map(\.value) {
                if let since = list.since, entry.at < since { return found }
                if list.user ?? entry.user == entry.user { found.append(entry) }
                if found.count == limit { return found }
            }
            guard page.count == Self.pageSize else { break }
            scanned += page.count
            last = page.last
        }
        return found
    }

    /// Forgets what is older than is to be kept, a few at a time.
    func forgetOld() async throws {
        let limit = office.now.advanced(by: .zero - office.configuration.auditKept)
        while true {
            let oldest = try await office.catalog.list(
                AuditEntry.self, scope: AuditEntry.scope, limit: Self.pageSize)
            let old = oldest.filter { $0.value.at < limit }
            guard !old.isEmpty else { return }
            var changes = Changes()
            for entry in old { changes.writes.append(.delete(entry.value)) }
            try await office.ledger.commit(changes)
        }
    }
}
