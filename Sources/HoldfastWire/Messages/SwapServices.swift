package import HoldfastModel

/// A worker brings all services to one side. It first reads which side the destination is on: after an earlier attempt
/// that committed it goes forward; otherwise it makes everything old and then exchanges.
///
/// An error means that the side is not known; the order is to be given again.
package struct SwapServices: Message {
    package static let name = "swap-services"
    package typealias Event = Progress

    package var order: Order
    package var services: [Item]
    /// Where content that is replaced in place comes from; nil where everything is staged.
    package var source: CheckServices.Source?

    package init(order: Order, services: [Item], source: CheckServices.Source? = nil) {
        self.order = order
        self.services = services
        self.source = source
    }

    package struct Item: Codable, Hashable, Sendable {
        package var target: ServiceTarget
        package var staged: StagedService
        /// The new content, where it is not staged but replaces the old one in place.
        package var content: StageServices.Content?

        package init(target: ServiceTarget, staged: StagedService, content: StageServices.Content? = nil) {
            self.target = target
            self.staged = staged
            self.content = content
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var side: SwapSide
        package var reason: HoldfastError?
        /// What of the destination's own settings was not carried over, and what others put into a tree meanwhile. The same
        /// when the order is given again.
        package var warnings: Warnings

        package init(side: SwapSide, reason: HoldfastError? = nil, warnings: Warnings = Warnings()) {
            self.side = side
            self.reason = reason
            self.warnings = warnings
        }
    }
}

/// After a swap: the application can connect, and every service is on the new side.
package struct ConfirmSwap: Message {
    package static let name = "confirm-swap"
    package typealias Reply = Done

    package var order: Order
    package var services: [SwapServices.Item]

    package init(order: Order, services: [SwapServices.Item]) {
        self.order = order
        self.services = services
    }
}

/// A worker drops what a job put beside the live services, identified by OID and by device and inode.
package struct DropAside: Message {
    package static let name = "drop-aside"
    package typealias Reply = Done

    package var order: Order
    package var services: [SwapServices.Item]
    /// Every target of the job: where staging died before its outcome was journalled, the worker's own notes say what it
    /// had begun to make there.
    package var targets: [ServiceTarget]
    package var aside: Aside

    package enum Aside: Codable, Hashable, Sendable {
        /// The swap did not happen: the staged content lies aside.
        case staged
        /// The swap happened: the old content lies aside.
        case old
        /// The staged content was taken over from this job, and goes back to it.
        case givenBack(to: JobID)
    }

    package init(order: Order, services: [SwapServices.Item], targets: [ServiceTarget], aside: Aside) {
        self.order = order
        self.services = services
        self.targets = targets
        self.aside = aside
    }
}
