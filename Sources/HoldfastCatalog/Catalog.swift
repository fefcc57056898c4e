package import HoldfastModel

/// The database of projects, backups, jobs and journal.
///
/// Every driver passes the same conformance suite. Errors: `deposed` and `conflict` as `Transaction` says, `noSpace` and
/// `inputOutput` from the disk below, `corrupt` for a damaged file, `unsupported` for one of a later version.
package protocol Catalog: Sendable {
    /// Takes office: the new epoch is one above the highest of the catalog and `above`, durable before it is returned.
    /// Afterwards every transaction with a lower epoch is refused.
    func takeOffice(above: Epoch) async throws -> Epoch

    /// Returns after the change is durable.
    func commit(_ transaction: Transaction) async throws

    func record(_ key: RecordKey) async throws -> Record?
    func records(_ query: RecordQuery) async throws -> [Record]
    func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry]
}
