package import HoldfastModel

/// A worker tells what manifests say of their parts. Which ones follows as bulk, names of 32 bytes; what they say comes as
/// bulk before the reply: a JSON array of `PartDescription`, without those that can't be read.
package struct DescribeParts: Message {
    package static let name = "describe-parts"

    package var project: ProjectID
    /// Serialised `ProjectKeys`.
    package var keys: Secret
    package var terms: PlacementTerms

    package init(project: ProjectID, keys: Secret, terms: PlacementTerms) {
        self.project = project
        self.keys = keys
        self.terms = terms
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var count: Int

        package init(count: Int) { self.count = count }
    }
}
