package import HoldfastModel

/// A worker reads everything that one file of a download will be made of, checks it, and finds out what serving it takes.
package struct PrepareDownload: Message {
    package static let name = "prepare-download"
    package typealias Event = Progress

    package var order: Order
    package var backup: BackupID
    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var content: DownloadContent
    package var manifest: ObjectName
    package var references: ObjectName
    /// Of what it is a download, for people: stands in the file where there is a place for it.
    package var subject: String
    package var terms: PlacementTerms
    /// Until when nodes hold what the file is made of.
    package var holdUntil: Timestamp

    package init(
        order: Order, backup: BackupID, project: ProjectID, keys: Secret, content: DownloadContent,
        manifest: ObjectName, references: ObjectName, subject: String, terms: PlacementTerms, holdUntil: Timestamp
    ) {
        self.order = order
        self.backup = backup
        self.project = project
        self.keys = keys
        self.content = content
        self.manifest = manifest
        self.references = references
        self.subject = subject
        self.terms = terms
        self.holdUntil = holdUntil
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var bytes: Int64
        package var sha256: String
        package var layout: String

        package init(bytes: Int64, sha256: String, layout: String) {
            self.bytes = bytes
            self.sha256 = sha256
            self.layout = layout
        }
    }
}

/// Reads a range of a prepared file; its bytes come as bulk before the reply.
package struct ReadDownload: Message {
    package static let name = "read-download"
    package typealias Reply = Done

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var manifest: ObjectName
    package var references: ObjectName
    package var layout: String
    package var terms: PlacementTerms
    package var offset: Int64
    package var length: Int64

    package init(
        project: ProjectID, keys: Secret, manifest: ObjectName, references: ObjectName, layout: String,
        terms: PlacementTerms, offset: Int64, length: Int64
    ) {
        self.project = project
        self.keys = keys
        self.manifest = manifest
        self.references = references
        self.layout = layout
        self.terms = terms
        self.offset = offset
        self.length = length
    }
}
