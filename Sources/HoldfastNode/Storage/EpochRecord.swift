import Foundation
import HoldfastModel

/// The highest epoch a node obeyed, in the file `epoch`.
struct EpochRecord: Codable, Sendable {
    static let path = "epoch"

    var version = 1
    var epoch: Epoch

    init(epoch: Epoch) { self.epoch = epoch }

    /// - Throws: `corrupt`: starting from nothing would obey a deposed leader.
    static func read(from disk: any Disk) async throws -> EpochRecord? {
        try await StateFile.read(EpochRecord.self, version: 1, at: path, on: disk)
    }
}

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

/// Small values in JSON with a version, replaced as a whole.
enum StateFile {
    static let byteLimit = 1 << 16

    static func read<Value: Decodable>(
        _ type: Value.Type, version: Int, at path: String, on disk: any Disk
    ) async throws -> Value? {
        guard let bytes = try await disk.contents(of: path, limit: byteLimit) else { return nil }
        do {
            let data = Data(bytes)
            let marker = try JSONDecoder().decode(Marker.self, from: data)
            guard marker.version == version else {
                throw HoldfastError(
                    .unsupported, "\(path) has version \(marker.version); this program knows \(version): update it")
            }
            return try JSONDecoder().decode(type, from: data)
        } catch is DecodingError {
            throw HoldfastError(
                .corrupt, "\(path) in the data directory can't be read: put back a copy of it, or join the node anew")
        }
    }

    static func write(_ value: some Encodable, at path: String, on disk: any Disk) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try await disk.replace(path, with: Array(try encoder.encode(value)))
    }

    private struct Marker: Decodable {
        var version: Int
    }
}
