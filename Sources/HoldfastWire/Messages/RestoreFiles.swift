package import HoldfastModel

/// A worker makes a file or directory of a backup beside its place in a media tree, and puts it there in one step. May be
/// given again: what was done is known by the job.
package struct RestoreFiles: Message {
    package static let name = "restore-files"
    package typealias Event = Progress
    package typealias Reply = FileRestoreReport

    package var order: Order
    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var manifest: ObjectName
    package var references: ObjectName
    package var terms: PlacementTerms
    package var target: ServiceTarget
    /// In the backup, escaped.
    package var path: String
    /// In the target, escaped.
    package var place: String
    package var replaces: Bool
    package var isForeign: Bool

    package init(
        order: Order, project: ProjectID, keys: Secret, manifest: ObjectName, references: ObjectName,
        terms: PlacementTerms, target: ServiceTarget, path: String, place: String, replaces: Bool, isForeign: Bool
    ) {
        self.order = order
        self.project = project
        self.keys = keys
        self.manifest = manifest
        self.references = references
        self.terms = terms
        self.target = target
        self.path = path
        self.place = place
        self.replaces = replaces
        self.isForeign = isForeign
    }
}

/// A worker removes what `RestoreFiles` left beside the place.
package struct TidyFiles: Message {
    package static let name = "tidy-files"

    package var order: Order
    package var target: ServiceTarget

    package init(order: Order, target: ServiceTarget) {
        self.order = order
        self.target = target
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// Of what was placed; nil where nothing was.
        package var report: FileRestoreReport?

        package init(report: FileRestoreReport?) { self.report = report }
    }
}
