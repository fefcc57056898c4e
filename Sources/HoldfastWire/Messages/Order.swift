package import HoldfastModel

/// By what right a coordinator orders something: its epoch, and the job it acts for. A node that has seen a higher epoch
/// refuses with `deposed`.
package struct Order: Codable, Hashable, Sendable {
    package var epoch: Epoch
    package var job: JobID

    package init(epoch: Epoch, job: JobID) {
        self.epoch = epoch
        self.job = job
    }
}

/// Where a project's objects go and are found.
package struct PlacementTerms: Codable, Hashable, Sendable {
    package var layout: Layout
    package var policy: PlacementPolicy
    /// Members that can't be reached now or take nothing; nil for none.
    package var away: [NodeID]?

    package init(layout: Layout, policy: PlacementPolicy, away: [NodeID]? = nil) {
        self.layout = layout
        self.policy = policy
        self.away = away
    }
}
