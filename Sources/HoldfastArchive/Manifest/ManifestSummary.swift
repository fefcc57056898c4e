package import HoldfastModel

/// What a manifest says of its part as a whole: sealed at its end, readable without the rest.
package struct ManifestSummary: Hashable, Codable, Sendable {
    /// As at the time of the backup; with it a lost catalog's backups can be listed.
    package var environment: EnvironmentReference?
    package var startedAt: Timestamp
    package var endedAt: Timestamp
    package var counts: BackupPart.Counts
    package var warnings: Warnings
    package var sizes: PartSizes
    /// Of a database.
    package var facts: DatabaseFacts?
    /// Further facts of the backup for a lost catalog, such as `trigger`, `note` and `author`.
    package var notes: [String: String]

    package init(
        environment: EnvironmentReference? = nil, startedAt: Timestamp, endedAt: Timestamp, counts: BackupPart.Counts,
        warnings: Warnings, sizes: PartSizes, facts: DatabaseFacts? = nil, notes: [String: String] = [:]
    ) {
        self.environment = environment
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.counts = counts
        self.warnings = warnings
        self.sizes = sizes
        self.facts = facts
        self.notes = notes
    }
}

/// What a restore needs to know of the database's server and of the database itself.
package struct DatabaseFacts: Hashable, Codable, Sendable {
    package var serverVersion: String
    /// Encoding, locale, owner, extensions and whatever else the driver records, by its own keys.
    package var settings: [String: String]
    /// Roles that the dump's objects name.
    package var roles: [String]

    package init(serverVersion: String, settings: [String: String] = [:], roles: [String] = []) {
        self.serverVersion = serverVersion
        self.settings = settings
        self.roles = roles
    }
}
