package import HoldfastModel

/// Has a node fetch objects that it lacks from whoever has good copies. Which ones follow as bulk, 33 bytes each
/// (`ObjectReference`); those that no node gave come back in the same form. The reply comes once the others are durable.
package struct FetchObjects: Message {
    package static let name = "fetch-objects"

    package var order: Order
    package var project: ProjectID
    package var terms: PlacementTerms

    package init(order: Order, project: ProjectID, terms: PlacementTerms) {
        self.order = order
        self.project = project
        self.terms = terms
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var objects: Int
        package var bytes: Int64

        package init(objects: Int, bytes: Int64) {
            self.objects = objects
            self.bytes = bytes
        }
    }
}

/// Has a node read its objects back from the disk, past the system's cache, and set aside what is not what its name says.
/// Which ones follow as bulk, 33 bytes each; those that are not here as they should be come back in the same form.
package struct ExamineObjects: Message {
    package static let name = "examine-objects"

    package var project: ProjectID

    package init(project: ProjectID) { self.project = project }

    package struct Reply: Codable, Hashable, Sendable {
        /// Those that are good.
        package var objects: Int

        package init(objects: Int) { self.objects = objects }
    }
}

/// Deletes a node's copies of objects that others hold in its place. Which ones follow as bulk, 33 bytes each. What some backup
/// holds there stays.
package struct DropObjects: Message {
    package static let name = "drop-objects"

    package var order: Order
    package var project: ProjectID
    /// The coordinator's clock: a node whose own differs deletes nothing.
    package var now: Timestamp

    package init(order: Order, project: ProjectID, now: Timestamp) {
        self.order = order
        self.project = project
        self.now = now
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var objects: Int
        package var bytes: Int64
        /// Objects that stay: held, or just being held.
        package var kept: Int

        package init(objects: Int, bytes: Int64, kept: Int) {
            self.objects = objects
            self.bytes = bytes
            self.kept = kept
        }
    }
}

/// Has a node begin a new pass of its scrub at once, and hold it back for nothing.
package struct StartScrub: Message {
    package static let name = "start-scrub"
    package typealias Reply = Done

    package var order: Order

    package init(order: Order) { self.order = order }
}
