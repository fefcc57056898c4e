import Foundation
import HoldfastModel
import HoldfastWire

/// The data directory of a node: who it is, and below that what it stores.
struct NodeDirectory: Sendable {
    let path: String

    var settings: String { path + "/node.yaml" }
    private var membership: String { path + "/membership.json" }

    var hasJoined: Bool { PrivateFile.exists(membership) }

    func save(_ joined: NodeJoin.JoinedNode) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try PrivateFile.makeDirectory(path)
        try PrivateFile.write(String(decoding: encoder.encode(joined), as: UTF8.self), to: membership)
    }

    func loadMembership() throws -> NodeJoin.JoinedNode {
        guard hasJoined else {
            throw HoldfastError(
                .notFound,
                "\(path.printable()) is not the directory of a node that has joined: run `holdfast node join`")
        }
        do {
            return try JSONDecoder().decode(NodeJoin.JoinedNode.self, from: Data(PrivateFile.read(membership).utf8))
        } catch is DecodingError {
            throw HoldfastError(
                .corrupt, "\(membership.printable()) is not readable: put back a copy, or join under another name")
        }
    }
}
