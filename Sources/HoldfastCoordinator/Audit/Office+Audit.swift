import HoldfastCatalog
import HoldfastModel
import Logging

extension Office {
    /// Makes a change whose row is in the audit once it is made, refused or failed.
    func audited<Value>(
        _ change: String, by user: String, token: String? = nil, from origin: Origin,
        on project: (name: Name, id: ProjectID)? = nil, _ body: () async throws -> Value
    ) async throws -> Value {
        let slip = AuditSlip(
            AuditEntry(
                id: try await freeAuditID(), at: now, user: user, token: token, origin: origin, change: change,
                project: project?.name, projectID: project?.id, result: .accepted), answer: StoredAnswer.current)
        return try await AuditSlip.$current.withValue(slip) {
            do {
                let value = try await body()
                // What changed nothing in the catalog, such as giving out a link.
                try await noteChange()
                return value
            } catch {
                await write(slip, failed: HoldfastError(error))
                throw error
            }
        }
    }

    /// Writes the present change's row now, before what changes something beside the catalog.
    func noteChange() async throws {
        if let slip = AuditSlip.current, !slip.isWritten { try await ledger.commit(Changes()) }
    }

    private func write(_ slip: AuditSlip, failed error: HoldfastError) async {
        // What goes by itself is tried again, or told where it is said when it goes.
        guard slip.entry.origin.channel != .schedule else { return }
        guard !ledger.isDeposed, let entry = slip.failed(error) else { return }
        do {
            try await ledger.catalog.commit(Transaction(epoch: ledger.epoch, writes: [try .put(entry)]))
        } catch {
            logger.error(
                "What failed is not in the audit: \(HoldfastError(error))", metadata: ["change": "\(entry.change)"])
        }
    }

    /// An identifier of a second's few is not unique by chance alone.
    private func freeAuditID() async throws -> AuditID {
        while true {
            let id: AuditID = identifier()
            if try await catalog.record(RecordKey(AuditEntry.self, id)) == nil { return id }
        }
    }
}
