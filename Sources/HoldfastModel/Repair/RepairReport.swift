/// How a project's objects were found, and what repair did.
package struct RepairReport: Hashable, Codable, Sendable {
    /// Objects that live backups need.
    package var objects = 0
    /// Copies that were made.
    package var copied = 0
    package var copiedBytes: Int64 = 0
    /// Copies that were deleted because others are where they should be.
    package var dropped = 0
    package var droppedBytes: Int64 = 0
    /// Objects that have, in the end, fewer copies on the nodes that are here than the policy asks.
    package var short = 0
    /// Objects of which no node that is here has a copy.
    package var lost = 0
    /// The backups that need them; the first hundred.
    package var lostBackups: [BackupID] = []
    /// Degraded backups that have all their copies now.
    package var completed = 0
    /// How many objects that are needed lie, in the end, on nodes that are leaving.
    package var left: [Left] = []
    /// What could not be done, and is tried again later.
    package var problems: [String] = []

    package init() {}

    package struct Left: Hashable, Codable, Sendable {
        package var node: NodeID
        package var objects: Int

        package init(node: NodeID, objects: Int) {
            self.node = node
            self.objects = objects
        }
    }

    package static let namedBackups = 100

    /// Everything is where it should be.
    package var isWhole: Bool { short == 0 && lost == 0 && problems.isEmpty }
}
