import HoldfastCommands
import HoldfastModel
import HoldfastNode
import HoldfastTestKit

/// One environment as its application knows it: where its services are, and what they contain.
final class Site: @unchecked Sendable {
    /// The table whose rows name files of the tree.
    private static let pictures = "picture"

    let environment: EnvironmentReference
    let node: NodeHost
    let services: [ServiceReference]
    /// Its database's role may make no other, so that a restore replaces the content in place.
    let isAlone: Bool
    /// By service, the server that its database is on.
    private let servers: [ServiceReference: DatabaseHost]
    // Touched by the executor's one thread.
    private var digest: (version: Int, content: Content?)?

    private var path: String { "/srv/\(environment.project)-\(environment.environment)" }

    init(
        _ environment: EnvironmentReference, node: NodeHost, databases: DatabaseHosts, _ chance: inout Chance
    ) throws {
        (self.environment, self.node) = (environment, node)
        let (main, media) = (ServiceReference(.database), ServiceReference(.media))
        let reports = try ServiceReference(.database, name: "reports")
        // Mostly several; that is where they have to agree.
        switch chance.below(8) {
        case 0: services = [main]
        case 1: services = [media]
        case 2: services = [main, reports]
        case 3, 4: services = [main, reports, media]
        default: services = [main, media]
        }
        // Where content is replaced in place one database alone decides.
        isAlone = services.contains(main) && !services.contains(reports) && chance.isOne(in: 3)
        servers = [main: databases.all[0], reports: chance.pick(databases.all) ?? databases.all[0]]
    }

    private func database(_ service: ServiceReference) -> String {
        "\(environment.project)_\(environment.environment)" + (service == Self.main ? "" : "_\(service.name)")
    }

    private static let main = ServiceReference(.database)

    func location(of service: ServiceReference) -> ServiceSet.Location {
        switch service.kind {
        case .database:
            .database(
                url: Secret(
                    "postgresql://app@\(servers[service]?.host.name ?? ""):\(DatabaseHost.port)/\(database(service))"))
        case .media: .media(path: path)
        }
    }

    // MARK: content

    /// What is committed, and what the tree shows; nil where there is none.
    func content(of service: ServiceReference) -> Content? {
        switch service.kind {
        case .database: return tables(of: service).map(Self.text)
        case .media:
            let version = node.trees.version
            if let digest, digest.version == version { return digest.content }
            let content = (try? ModelTreeDigest(of: path, in: node.trees, withRoot: false))?.description
            digest = (version, content)
            return content
        }
    }

    /// The database that bears the service's name; nil where there is none.
    func database(of service: ServiceReference) -> UInt32? {
        servers[service]?.server.databases.first { $0.name == database(service) }?.oid
    }

    private func tables(of service: ServiceReference) -> ModelTables? {
        servers[service]?.server.content(of: database(service))
    }

    static func text(_ content: ModelTables) -> Content {
        content.tables.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }
            .joined(separator: "\n")
    }

    // MARK: the application

    func create(_ service: ServiceReference, _ chance: inout Chance) throws {
        switch service.kind {
        case .database:
            let name = database(service)
            var content = ModelTables.sample(stamp: "\(name) 0", rows: 1 + chance.below(20), using: &chance)
            content.tables[Self.pictures] = []
            servers[service]?.server.makeDatabase(name, content, isAlone: isAlone)
        case .media:
            try node.trees.makeDirectory("\(path)/shop")
            for number in 0..<(1 + chance.below(4)) { try write(number: number, &chance) }
            node.trees.sync()
        }
    }

    /// The application changes something. False where it can't.
    func change(_ service: ServiceReference, number: Int, _ chance: inout Chance) throws -> Bool {
        switch service.kind {
        case .database:
            let name = database(service)
            return edit(service) { content in
                content.tables["stamp"] = ["\(name) \(number)"]
                content.tables["item", default: []].append("\(number)\tnew item")
            }
        case .media:
            let names = topNames()
            if chance.isOne(in: 3), let name = chance.pick(names), name.hasSuffix(".jpg") {
                try removeFile(name)
            } else {
                try write(number: number, &chance)
            }
            return true
        }
    }

    private func write(number: Int, _ chance: inout Chance) throws {
        if chance.isOne(in: 4) {
            try node.trees.makeDirectory("\(path)/dir\(number % 3)")
            try writeFile("dir\(number % 3)/deep\(number % 4)", &chance)
        } else {
            try writeFile("picture\(number % 6).jpg", &chance)
        }
    }

    // MARK: rows that name files

    /// Makes the file, or replaces it at once, and syncs it.
    func writeFile(_ name: String, _ chance: inout Chance) throws {
        let bytes = (0..<chance.below(1500)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
        try node.trees.write(bytes, to: "\(path)/\(name)")
        try node.trees.sync("\(path)/\(name)")
    }

    func removeFile(_ name: String) throws {
        try node.trees.remove("\(path)/\(name)")
        try node.trees.sync(path)
    }

    func hasFile(_ name: String) -> Bool { (try? node.trees.contents(of: "\(path)/\(name)")) != nil }

    /// The files that rows name.
    func namedFiles() -> [String] {
        (tables(of: Self.main)?.tables[Self.pictures] ?? []).compactMap {
            $0.split(separator: "\t").last.map(String.init)
        }
    }

    /// Commits a row that names a file, or the removal of all that do. False where it can't.
    func setRow(naming file: String, number: Int?) -> Bool {
        edit(Self.main) { content in
            content.tables[Self.pictures, default: []].removeAll { $0.hasSuffix("\t\(file)") }
            if let number { content.tables[Self.pictures, default: []].append("\(number)\t\(file)") }
        }
    }

    private func edit(_ service: ServiceReference, _ change: (inout ModelTables) -> Void) -> Bool {
        servers[service]?.server.write(to: database(service), change) ?? false
    }

    // MARK: what should not stay

    /// What Holdfast has made beside the services.
    func leftovers() -> [String] {
        let databases = servers.values.flatMap(\.server.databases)
        let names = databases.map(\.name).filter { $0.hasPrefix("hf_") } + databases.flatMap(\.marks)
        return Set(names).sorted() + topNames().filter { $0.hasPrefix(StagingNames.mediaPrefix) }
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
