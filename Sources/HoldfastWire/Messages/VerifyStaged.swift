package import HoldfastModel

/// A worker compares staged content with the counts captured with the backup. An error names the first differences.
package struct VerifyStaged: Message {
    package static let name = "verify-staged"
    package typealias Event = Progress
    package typealias Reply = Done

    package var order: Order
    package var project: ProjectID
    package var keys: Secret
    package var services: [Item]
    package var terms: PlacementTerms

    package init(order: Order, project: ProjectID, keys: Secret, services: [Item], terms: PlacementTerms) {
        self.order = order
        self.project = project
        self.keys = keys
        self.services = services
        self.terms = terms
    }

    package struct Item: Codable, Hashable, Sendable {
        package var stage: StageServices.Stage
        package var staged: StagedService

        package init(stage: StageServices.Stage, staged: StagedService) {
            self.stage = stage
            self.staged = staged
        }
    }
}
