package import HoldfastModel

/// The database of projects, backups, jobs and journal.
///
/// Every driver passes the same conformance suite. Errors: `deposed` and `conflict` as `Transaction` says, `noSpace` and
/// `inputOutput` from the disk below, `corrupt` for a damaged file, `unsupported` for one of a later version, and
/// `invalidArgument` or `tooLarge` for a transaction that no driver could keep.
///
/// A commit that failed with `noSpace` did not happen. After `inputOutput` the outcome is unknown until it is read back:
/// the change is not visible now, but what a failed sync left in the log can surface after a crash.
package protocol Catalog: Sendable {
    /// Names this catalog among all that ever were; a rebuilt one has a new name. Sixteen bytes in hexadecimal digits.
    var incarnation: String { get }

    /// Takes office: the new epoch is one above the highest of the catalog and `above`, durable before it is returned.
    /// Afterwards every transaction with a lower epoch is refused.
    func takeOffice(above: Epoch) async throws -> Epoch

    /// Returns after the change is durable.
    func commit(_ transaction: Transaction) async throws

    func record(_ key: RecordKey) async throws -> Record?
    func records(_ query: RecordQuery) async throws -> [Record]
    func journal(of job: JobID, after number: Int64, limit: Int) async throws -> [JournalEntry]

    /// Sees to it that nothing of what was deleted before can be read from the catalog's files any more.
    func purge() async throws
}
