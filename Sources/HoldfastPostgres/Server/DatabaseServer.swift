package import HoldfastModel

/// What Holdfast asks of a database server. The real driver is `PostgresServer`; a simulation has a model of one.
///
/// Every error thrown is a `HoldfastError`, a `CancellationError`, or what a sink or source threw. Whatever was interrupted by a crash may be done again.
package protocol DatabaseServer: Sendable {
    /// Looks without changing anything. Throws only `cancelled`: everything else found is a problem in the result.
    func inspect(_ login: DatabaseLogin, for purpose: InspectionPurpose) async throws -> DatabaseInspection

    /// Dumps the database into the sink, byte for byte, and returns only if the dump is whole.
    func dump<Sink: DumpSink>(_ login: DatabaseLogin, into sink: inout Sink) async throws -> DumpSummary

    /// Makes an empty database called `name` on the login's server: encoding and locale of `locale`, owner and tablespace
    /// of the login's own (live) database, closed to the public.
    /// - Throws: `alreadyExists` if there is one of that name; see `find`.
    func createStaged(beside login: DatabaseLogin, name: String, locale: DatabaseLocale) async throws -> StagedDatabase

    /// Loads a dump into an empty staged database and analyses it. `source` gives the dump's next bytes and nil at its end;
    /// its error is thrown on.
    func load(
        _ staged: StagedDatabase, beside login: DatabaseLogin, from source: () async throws -> [UInt8]?
    ) async throws -> LoadReport

    /// Compares a staged database with what was counted in its dump: one line for each difference, none if they agree.
    func differences(
        of staged: StagedDatabase, beside login: DatabaseLogin, tables: [DumpTable], largeObjects: Int
    ) async throws -> [String]

    /// The database of that name on the login's server.
    func find(_ name: String, on login: DatabaseLogin) async throws -> StagedDatabase?

    /// On which side an item is. Waits until no swap of the job is under way.
    /// - Throws: `needsAttention` where neither of the two databases bears the name.
    func side(of item: SwapItem, job: JobID) async throws -> SwapSide

    /// Puts every item's staged database in place of the live one, but for the decision: nothing is changed until the swap
    /// commits, and everybody who connects meanwhile waits. All items must be on their old side.
    func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap

    /// Reads a dump to its end as `replace` would apply it, and changes nothing: whatever can be known to stop it is found
    /// before the database is locked.
    func rehearse(_ item: InPlaceItem, from source: @escaping DumpSource) async throws -> LoadReport

    /// Puts a dump's content in place of everything that the login's role owns in the database, and compares it with what
    /// was counted, but for the decision: nothing is changed until the swap commits, and whoever uses the database
    /// meanwhile waits. The item must be on its old side.
    ///
    /// The swap has a transaction's number, which `side` asks for and which is to be durable before anything depends on it.
    func replace(
        _ item: InPlaceItem, counts: DumpedCounts, from source: @escaping DumpSource
    ) async throws -> any DatabaseSwap

    /// On which side an item is. Waits until no replacement of the job is under way.
    /// - Parameter transaction: the number of the last one that was under way; nil where none was noted.
    /// - Throws: `unavailable` where one is under way for longer; `needsAttention` where the server contradicts itself.
    func side(of item: InPlaceItem, transaction: UInt64?) async throws -> SwapSide

    /// Whether the login reaches that database; and removes the sign by which `side` knows the new content, if it is there.
    func confirm(_ item: InPlaceItem) async throws

    /// Whether the login reaches the database with that OID, by its live name.
    /// - Throws: `conflict` where it reaches another.
    func confirm(_ login: DatabaseLogin, oid: UInt32) async throws

    /// Gives a staged or kept database another name; done already is fine.
    /// - Throws: `notFound` where no database has that OID.
    func rename(_ staged: StagedDatabase, to name: String, on login: DatabaseLogin) async throws

    /// Drops a staged or kept database and ends its sessions; gone already is fine.
    /// - Throws: `needsAttention` where the OID belongs to a database of another name.
    func drop(_ staged: StagedDatabase, on login: DatabaseLogin) async throws
}

/// A swap that is done, by renaming or by loading, and not yet committed. Letting go of it rolls it back.
package protocol DatabaseSwap {
    /// What of the destinations' own settings could not be carried over to the new databases.
    var warnings: [String] { get }

    /// The number of its transaction, where the outcome can be asked for by no other sign that was journalled.
    var transaction: UInt64? { get }

    /// Tells the servers that the client lives; to be called every few seconds by whoever does other work before the
    /// commit. A server that hears nothing for a minute rolls the swap back.
    /// - Throws: where it is rolled back already.
    func keepAlive() async throws

    /// - Returns: `new` if every database is known to be committed, `old` if none is.
    /// - Throws: `unavailable` where the outcome is not known, or some are committed and others not: ask `side` of each, and
    ///   where one is `new`, swap the rest.
    func commit() async throws -> SwapSide

    func rollback() async
}

extension DatabaseSwap {
    package var transaction: UInt64? { nil }
}
