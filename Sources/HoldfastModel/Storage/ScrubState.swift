/// How far a node is with reading back what it stores.
package struct ScrubState: Hashable, Codable, Sendable {
    package var startedAt: Timestamp
    /// Of the present pass.
    package var objects: Int64 = 0
    package var bytes: Int64 = 0
    /// What the store had when it was last looked at.
    package var totalBytes: Int64 = 0
    /// What was not what its name says, could not be read, or was gone, in this pass.
    package var damaged: Int64 = 0
    /// Nil until a pass has been finished.
    package var finishedAt: Timestamp?
    /// What the last finished pass found.
    package var lastDamaged: Int64?
    /// Of all passes: what changes when something new was found.
    package var everDamaged: Int64 = 0

    package init(startedAt: Timestamp) { self.startedAt = startedAt }

    /// From 0 to 1.
    package var share: Double { totalBytes > 0 ? min(1, Double(bytes) / Double(totalBytes)) : 0 }
}
