import HoldfastCommands
import HoldfastModel
import HoldfastNode
import HoldfastTestKit

/// One environment as its application knows it: where its services are, and what they contain.
final class Site: Sendable {
    let environment: EnvironmentReference
    let node: NodeHost
    let services: [ServiceReference]
    private let databases: DatabaseHost

    private var database: String { "\(environment.project)_\(environment.environment)" }
    private var path: String { "/srv/\(environment.project)-\(environment.environment)" }

    init(_ environment: EnvironmentReference, node: NodeHost, databases: DatabaseHost, _ chance: inout Chance) {
        (self.environment, self.node, self.databases) = (environment, node, databases)
        let both = [ServiceReference(.database), ServiceReference(.media)]
        // Mostly both; that is where the two have to agree.
        services = chance.isOne(in: 4) ? [both[chance.below(2)]] : both
    }

    func location(of service: ServiceReference) -> ServiceSet.Location {
        switch service.kind {
        case .database:
            .database(url: Secret("postgresql://app@\(databases.host.name):\(DatabaseHost.port)/\(database)"))
        case .media: .media(path: path)
        }
    }

    // MARK: content

    /// What is committed, and what the tree shows; nil where there is none.
    func content(of service: ServiceReference) -> Content? {
        switch service.kind {
        case .database: databases.server.content(of: database).map(Self.text)
        case .media: (try? ModelTreeDigest(of: path, in: node.trees, withRoot: false))?.description
        }
    }

    private static func text(_ content: ModelTables) -> Content {
        content.tables.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }
            .joined(separator: "\n")
    }

    // MARK: the application

    func create(_ service: ServiceReference, _ chance: inout Chance) throws {
        switch service.kind {
        case .database:
            databases.server.makeDatabase(
                database, ModelTables.sample(stamp: "\(database) 0", rows: 1 + chance.below(20), using: &chance))
        case .media:
            try node.trees.makeDirectory(path)
            for number in 0..<(1 + chance.below(4)) { try write(number: number, &chance) }
            node.trees.sync()
        }
    }

    /// The application changes something. False where it can't.
    func change(_ service: ServiceReference, number: Int, _ chance: inout Chance) throws -> Bool {
        switch service.kind {
        case .database:
            return databases.server.write(to: database) { content in
                content.tables["stamp"] = ["\(database) \(number)"]
                content.tables["item", default: []].append("\(number)\tnew item")
            }
        case .media:
            let names = topNames()
            if chance.isOne(in: 3), let name = chance.pick(names), name.hasSuffix(".jpg") {
                try node.trees.remove("\(path)/\(name)")
            } else {
                try write(number: number, &chance)
            }
            node.trees.sync()
            return true
        }
    }

    private func write(number: Int, _ chance: inout Chance) throws {
        let bytes = (0..<chance.below(3000)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
        switch chance.below(4) {
        case 0:
            try node.trees.makeDirectory("\(path)/dir\(number % 3)")
            try node.trees.write(bytes, to: "\(path)/dir\(number % 3)/deep\(number % 4)")
        default: try node.trees.write(bytes, to: "\(path)/picture\(number % 6).jpg")
        }
    }

    // MARK: what should not stay

    /// What Holdfast has made beside the services.
    func leftovers() -> [String] {
        databases.server.databases.map(\.name).filter { $0.hasPrefix("hf_") }
            + topNames().filter { $0.hasPrefix(StagingNames.mediaPrefix) }
    }

    private func topNames() -> [String] {
        let found = Names()
        try? node.trees.at(path + "/.") { calls, directory, _ throws(CallFailure) in
            try calls.list(directory) { name throws(CallFailure) in
                found.all.append(String(decoding: name, as: UTF8.self))
            }
        }
        return found.all.sorted()
    }

    private final class Names {
        var all: [String] = []
    }
}
