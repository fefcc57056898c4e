package import HoldfastModel

/// A database whose content a job replaces within one transaction, because its role may make no other beside it.
package struct InPlaceItem: Hashable, Sendable {
    package var login: DatabaseLogin
    /// Of the database, before and afterwards.
    package var oid: UInt32
    package var job: JobID

    package init(login: DatabaseLogin, oid: UInt32, job: JobID) {
        (self.login, self.oid, self.job) = (login, oid, job)
    }

    /// The schema that the transaction makes: where it is, the transaction was committed.
    var mark: String { StagingNames.stagedDatabase(job) }
    /// The schema by which a person says that the content is the old one, where the server contradicts itself.
    var denial: String { StagingNames.keptDatabase(job) }
}

/// What was counted in a dump.
package struct DumpedCounts: Sendable {
    package var tables: [DumpTable]
    package var largeObjects: Int

    package init(tables: [DumpTable], largeObjects: Int) { (self.tables, self.largeObjects) = (tables, largeObjects) }
}

/// The next bytes of a dump; nil at its end.
package typealias DumpSource = @Sendable () async throws -> [UInt8]?
