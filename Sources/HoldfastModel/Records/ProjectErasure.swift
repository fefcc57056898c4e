/// That a project was erased: its keys are gone, and nodes delete what they have of it and never take anything of it again.
package struct ProjectErasure: Hashable, Codable, Sendable {
    /// Nil where a node knew of it, and the catalog did not.
    package var name: Name?
    package var at: Timestamp
    package var author: String
    /// The nodes that may still have something of it.
    package var left: [NodeID]
    /// Its keys, backups and downloads are no longer in the catalog's files. That jobs were done for it stays.
    package var isPurged = false

    package init(name: Name?, at: Timestamp, author: String, left: [NodeID]) {
        self.name = name
        self.at = at
        self.author = author
        self.left = left
    }

    package var isDone: Bool { isPurged && left.isEmpty }
}
