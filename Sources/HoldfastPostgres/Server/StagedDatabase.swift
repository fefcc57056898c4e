import HoldfastModel

/// A database that a job made or keeps beside a live one: its OID tells what it is, its name only where to look.
package struct StagedDatabase: Hashable, Codable, Sendable {
    package var oid: UInt32
    package var name: String

    package init(oid: UInt32, name: String) {
        self.oid = oid
        self.name = name
    }
}

/// A live database's name, with the OID that bears it before a swap and the one that bears it afterwards.
package struct SwapItem: Hashable, Sendable {
    package var login: DatabaseLogin
    package var live: UInt32
    package var staged: UInt32

    package init(login: DatabaseLogin, live: UInt32, staged: UInt32) {
        self.login = login
        self.live = live
        self.staged = staged
    }
}

/// What loading a dump did besides loading it.
package struct LoadReport: Hashable, Codable, Sendable {
    /// What of the dump was deliberately not applied, and why.
    package var leftOut: [String] = []

    package init() {}
}
