package import HoldfastModel

/// What a look at a database found.
package struct DatabaseInspection: Sendable {
    /// Nil where the database can't be reached, or its server won't tell its system identifier.
    package var identity: PhysicalIdentity?
    /// Nil where the database can't be reached.
    package var facts: DatabaseFacts?
    /// For people.
    package var findings: [CheckReport.Fact]
    package var problems: [CheckReport.Problem]
    /// Of a restore: no database can be made beside this one, and its content is to be replaced within a transaction.
    package var isInPlace = false

    package init(
        identity: PhysicalIdentity? = nil, facts: DatabaseFacts? = nil, findings: [CheckReport.Fact] = [],
        problems: [CheckReport.Problem] = []
    ) {
        self.identity = identity
        self.facts = facts
        self.findings = findings
        self.problems = problems
    }
}

/// What a database is looked at for.
package enum InspectionPurpose: Sendable {
    case capture
    /// `serverVersion` is that of the backup; `facts` are those recorded with it, where they are at hand.
    case restore(serverVersion: String?, facts: DatabaseFacts?, fromAnotherProject: Bool)
    /// Only whether the login's role may be let load another project's dump.
    case foreignDump
    /// An exchange with a database that is already on the server.
    case exchange
}
