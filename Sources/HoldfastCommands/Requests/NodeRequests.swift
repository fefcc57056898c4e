package import HoldfastModel

/// What is to be different about a node. Nil leaves it as it is.
package struct NodeChange: Hashable, Codable, Sendable {
    package enum Maintenance: Hashable, Codable, Sendable {
        case begin(seconds: Int)
        case end
    }

    package var node: Name
    package var weight: Double?
    package var maintenance: Maintenance?
    /// Whether it is being drained.
    package var isLeaving: Bool?

    package init(
        node: Name, weight: Double? = nil, maintenance: Maintenance? = nil, isLeaving: Bool? = nil
    ) {
        self.node = node
        self.weight = weight
        self.maintenance = maintenance
        self.isLeaving = isLeaving
    }
}

package struct NodeRemove: Hashable, Codable, Sendable {
    package var node: Name
    /// It will not come back, and what it holds is given up.
    package var isLost: Bool

    package init(node: Name, isLost: Bool = false) {
        self.node = node
        self.isLost = isLost
    }
}

package struct RepairRun: Hashable, Codable, Sendable {
    /// Nil repairs every project.
    package var project: Name?
    package var wait: Bool

    package init(project: Name? = nil, wait: Bool = true) {
        self.project = project
        self.wait = wait
    }
}

/// Gives a project another placement policy, by the name of one that was set.
package struct ProjectPolicy: Hashable, Codable, Sendable {
    package var project: Name
    package var policy: Name

    package init(project: Name, policy: Name) {
        self.project = project
        self.policy = policy
    }
}
