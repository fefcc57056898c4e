package import HoldfastModel

/// What the catalog took up of what the nodes know.
package struct Rebuilt: Codable, Hashable, Sendable {
    /// The nodes that were taken in, and how many are here now.
    package var nodes: [Name] = []
    package var nodesHere = 0
    /// The projects that were taken up.
    package var projects: [Name] = []
    package var found: [Backups] = []
    /// Sentences of what could not be read or taken up.
    package var problems: [String] = []

    package init() {}

    /// Of one project.
    package struct Backups: Codable, Hashable, Sendable {
        package var project: Name
        /// Those that the catalog had already, in any state.
        package var known: Int
        /// Those that were taken up, and how many of them have fewer copies than the policy asks.
        package var added = 0
        package var degraded = 0
        /// Those of which something is on no node that is here, and how many objects that are.
        package var incomplete = 0
        package var missingObjects = 0

        package init(project: Name, known: Int) {
            self.project = project
            self.known = known
        }
    }
}
