/// What a node stores, told apart by the magic at its start.
package enum ObjectKind: String, Codable, Sendable, CaseIterable {
    case shard
    case manifest
    case references
    /// Says for good that a backup was removed.
    case tombstone
}
