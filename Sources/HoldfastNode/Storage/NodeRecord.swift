import HoldfastModel

/// Whose data directory this is, and which layout its node last heard of, in the file `node-state`.
struct NodeRecord: Codable, Sendable {
    static let path = "node-state"

    var version = 1
    var node: NodeID
    var layout: UInt64 = 0

    static func open(on disk: any Disk, node: NodeID) async throws -> NodeRecord {
        if let record = try await StateFile.read(NodeRecord.self, version: 1, at: path, on: disk) {
            guard record.node == node else {
                throw HoldfastError(
                    .conflict,
                    "The data directory belongs to node \(record.node), and this is \(node): give each its own")
            }
            return record
        }
        let record = NodeRecord(node: node)
        try await StateFile.write(record, at: path, on: disk)
        return record
    }
}
