package import HoldfastModel

/// Gives back the space of what no backup needs any more.
package struct CollectRun: Codable, Hashable, Sendable {
    /// Nil is every project.
    package var project: Name?
    /// False returns as soon as the jobs are accepted.
    package var wait: Bool

    package init(project: Name? = nil, wait: Bool = true) {
        self.project = project
        self.wait = wait
    }
}
