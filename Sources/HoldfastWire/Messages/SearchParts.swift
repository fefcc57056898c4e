package import HoldfastModel

/// A worker tells which paths of a backed-up media tree a pattern finds. They come as bulk before the reply: a JSON array of
/// `FoundFile`.
package struct FindFiles: Message {
    package static let name = "find-files"

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var manifest: ObjectName
    package var terms: PlacementTerms
    /// As `PathPattern` reads it.
    package var pattern: String
    /// Those behind this path, escaped; nil for all.
    package var after: String?
    package var limit: Int

    package init(
        project: ProjectID, keys: Secret, manifest: ObjectName, terms: PlacementTerms, pattern: String,
        after: String?, limit: Int
    ) {
        self.project = project
        self.keys = keys
        self.manifest = manifest
        self.terms = terms
        self.pattern = pattern
        self.after = after
        self.limit = limit
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// There are more behind the last.
        package var isCut: Bool

        package init(isCut: Bool) { self.isCut = isCut }
    }
}

/// A worker tells how two parts of one kind differ. It comes as bulk before the reply: a `PartDifference` as JSON.
package struct CompareParts: Message {
    package static let name = "compare-parts"
    package typealias Reply = Done

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var old: ObjectName
    package var new: ObjectName
    package var terms: PlacementTerms
    /// `next` of an earlier page.
    package var from: String?
    package var limit: Int

    package init(
        project: ProjectID, keys: Secret, old: ObjectName, new: ObjectName, terms: PlacementTerms, from: String?,
        limit: Int
    ) {
        self.project = project
        self.keys = keys
        self.old = old
        self.new = new
        self.terms = terms
        self.from = from
        self.limit = limit
    }
}
