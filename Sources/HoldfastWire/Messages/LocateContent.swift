package import HoldfastModel

/// A worker finds something in a part of a backup, and how its bytes follow from it, for `ReadDownload`. Nothing of a file is
/// read for it; of a table, all of its rows.
package struct LocateContent: Message {
    package static let name = "locate-content"
    package typealias Event = Progress

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var manifest: ObjectName
    package var references: ObjectName
    package var terms: PlacementTerms
    /// Of media, escaped; empty for all of it.
    package var path: String?
    /// Of a database: `schema.name`, or `name` where only one schema has it.
    package var table: String?
    /// Of what it is, for people: stands in the file where there is a place for it.
    package var subject: String

    package init(
        project: ProjectID, keys: Secret, manifest: ObjectName, references: ObjectName, terms: PlacementTerms,
        path: String?, table: String?, subject: String
    ) {
        self.project = project
        self.keys = keys
        self.manifest = manifest
        self.references = references
        self.terms = terms
        self.path = path
        self.table = table
        self.subject = subject
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var bytes: Int64
        package var layout: String
        package var isDirectory: Bool

        package init(bytes: Int64, layout: String, isDirectory: Bool) {
            self.bytes = bytes
            self.layout = layout
            self.isDirectory = isDirectory
        }
    }
}
