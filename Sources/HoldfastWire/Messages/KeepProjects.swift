package import HoldfastModel

/// Has a node keep a project's record, which follows as bulk, in the place of a lower version.
package struct StoreProject: Message {
    package static let name = "store-project"

    package var order: Order
    package var project: ProjectID

    package init(order: Order, project: ProjectID) {
        self.order = order
        self.project = project
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// What the node has now: a higher one than was sent where it had that.
        package var version: UInt64

        package init(version: UInt64) { self.version = version }
    }
}

/// A node tells which records of projects it has. They come as bulk, 20 bytes each: the project, and the version as a
/// big-endian number. One that is damaged is not among them.
package struct ListProjects: Message {
    package static let name = "list-projects"
    package static let recordByteCount = 20

    package init() {}

    package struct Reply: Codable, Hashable, Sendable {
        package var count: Int

        package init(count: Int) { self.count = count }
    }
}

/// A node gives a project's record, as bulk.
package struct GetProject: Message {
    package static let name = "get-project"
    package typealias Reply = Done

    package var project: ProjectID

    package init(project: ProjectID) { self.project = project }
}

/// Has a node forget a project's record: the project was removed, or may not lie there.
package struct RemoveProject: Message {
    package static let name = "remove-project"
    package typealias Reply = Done

    package var order: Order
    package var project: ProjectID

    package init(order: Order, project: ProjectID) {
        self.order = order
        self.project = project
    }
}

/// Has a node delete all that it has of a project, and take nothing of it ever again. The record that says so follows as
/// bulk.
package struct EraseProject: Message {
    package static let name = "erase-project"

    package var order: Order
    package var project: ProjectID

    package init(order: Order, project: ProjectID) {
        self.order = order
        self.project = project
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
