package import HoldfastPostgres

/// One database of a `ModelDatabaseServer`.
package struct ModelDatabase: Hashable, Sendable {
    package let oid: UInt32
    package var name: String
    package var content: ModelTables
    package var locale: DatabaseLocale
    /// What a new database doesn't have of the one it replaces, such as settings.
    package var properties: [String: String]
    /// Whether anybody may connect.
    package var isOpen = true
    /// Made for a restore and not yet swapped.
    package var isStaged = false
    /// Its role may make no other beside it, so that a restore replaces its content in place.
    package var isAlone = false
    /// The schemas by which a content that was put in place is known.
    package var marks: Set<String> = []

    package static let locale = DatabaseLocale(
        encoding: "UTF8", collation: "C.UTF-8", characterType: "C.UTF-8", provider: "c", providerLocale: nil)
}
