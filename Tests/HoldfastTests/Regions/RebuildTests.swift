import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

/// The catalog is lost, or goes back in time, and is rebuilt from what nodes keep. With the real program.
@Suite(.serialized, .timeLimit(.minutes(6))) struct RebuildTests {
    /// All that is left is the nodes of one region and the recovery file.
    @Test func aClusterIsMadeAgainFromOneRegion() async throws {
        try await Regions.with(noticesSilenceSoon: false) { regions in
            let cluster = regions.cluster
            try cluster.result("policy", "set", "default", "--copies", "3", "--regions", "3")
            try cluster.result(
                "policy", "set", "eu-only", "--copies", "1", "--regions", "1", "--allowed-region", "eu-west")
            try cluster.result("project", "create", "secret", "--policy", "eu-only")
            try regions.makeShop()
            let first = try regions.backUp()
            try regions.writeFile("new", bytes: 100_000)
            try cluster.result("backup", "create", "shop/live", "--note", "before the sale")
            let removed = try regions.backUp()
            try cluster.result("backup", "delete", removed.id.text, "--now", "--yes")
            try cluster.result("collect", "run", "shop")

            // The records are where they may be, and follow each change.
            let shop = try project("shop", cluster)
            let secret = try project("secret", cluster)
            try cluster.until("every node has the record") {
                regions.nodeNames.allSatisfy { version(of: shop, on: $0, regions) != nil }
            }
            let changes = [
                ["environment", "create", "shop/late", "--schedule", "none"],
                ["schedule", "set", "shop/live", "--preset", "daily"],
            ]
            for change in changes {
                let before = regions.nodeNames.map { version(of: shop, on: $0, regions) ?? 0 }
                let outcome = try HoldfastBinary.run(change, environment: cluster.client)
                guard outcome.status == 0 else { throw TestFailure("\(change): \(outcome.errors)") }
                try cluster.until("every node has the new record") {
                    zip(regions.nodeNames, before).allSatisfy { (version(of: shop, on: $0, regions) ?? 0) > $1 }
                }
            }
            for name in regions.nodeNames {
                #expect((version(of: secret, on: name, regions) != nil) == name.hasPrefix("eu-west"), "\(name)")
            }

            let lost = try state(cluster)
            let content = try regions.content("live")
            let recovery = try HoldfastBinary.run(["cluster", "recovery-file", "--data", cluster.root.path + "/data"])
            #expect(recovery.status == 0)
            let file = cluster.root.path + "/recovery.txt"
            try regions.loseEverything(but: "us-east")
            #expect(
                FileManager.default.createFile(
                    atPath: file, contents: Data(recovery.output.utf8), attributes: [.posixPermissions: 0o600]))
            try FileManager.default.removeItem(at: cluster.media.appendingPathComponent("live"))

            try regions.recover(from: file)
            let left = ["us-east-1", "us-east-2"]
            for name in left { try regions.start(name) }
            // Who comes is waited for as long as others come: here both have come before.
            try cluster.until("both have been turned away") {
                left.allSatisfy { regions.log($0).contains("is not in this cluster's catalog") }
            }
            #expect(try state(cluster).backups.isEmpty)
            let rebuilt = try rebuild(cluster)
            #expect(rebuilt.nodes.map(\.text) == left && rebuilt.nodesHere == 2)
            #expect(rebuilt.projects.map(\.text) == ["shop"])
            #expect(rebuilt.found.map(\.added) == [2] && rebuilt.found.map(\.incomplete) == [0])
            #expect(rebuilt.problems.isEmpty, "\(rebuilt.problems)")
            var again = try state(cluster)
            #expect(again.backups == lost.backups && again.backups.map(\.id).contains(first.id))
            #expect(!again.backups.map(\.id).contains(removed.id))
            #expect(again.environments == lost.environments)
            #expect(again.environments.contains { $0.hasPrefix("shop/late") })

            // Done again it adds nothing and changes nothing.
            let second = try rebuild(cluster, "--wait", "0s")
            #expect(second.nodes.isEmpty && second.projects.isEmpty && second.found.map(\.added) == [0])
            again = try state(cluster)
            #expect(again.backups == lost.backups)

            // With one region left, two copies in it have to do. Then everything works again.
            try cluster.result("policy", "set", "default", "--copies", "2", "--regions", "1")
            let newest = try #require(lost.backups.max { $0.createdAt < $1.createdAt })
            try regions.restore(newest.id)
            #expect(try regions.content("test") == content)
            guard case .verified(_, let report) = try cluster.result("backup", "verify", first.id.text) else {
                throw TestFailure("no report")
            }
            #expect(report.problems.isEmpty)
            try FileManager.default.createDirectory(
                at: cluster.media.appendingPathComponent("live"), withIntermediateDirectories: true)
            try regions.writeFile("after", bytes: 1000)
            #expect(try regions.backUp().state == .complete)
        }
    }

    /// An old copy of the catalog was put back: what came later is taken up, what it knows stays.
    @Test func aCatalogThatWentBackInTimeTakesUpWhatItLacks() async throws {
        try await Cluster.with { cluster in
            let (live, first) = try cluster.makeMediaShop()
            let shop = try project("shop", cluster)
            let record = cluster.root.path + "/data/node/projects/\(shop)"
            try cluster.until("the record is there") { FileManager.default.fileExists(atPath: record) }
            try cluster.result("backup", "pin", first.id.text)
            cluster.stop()
            let catalog = cluster.root.path + "/data/catalog.sqlite"
            let copy = cluster.root.path + "/copy.sqlite"
            func copyCatalog(_ source: String, _ destination: String) throws {
                for end in ["", "-wal"] where FileManager.default.fileExists(atPath: source + end) {
                    try FileManager.default.copyItem(atPath: source + end, toPath: destination + end)
                }
            }
            try copyCatalog(catalog, copy)

            // Several terms of office go by, so that the node knows a higher epoch than the copy.
            for _ in 1...3 {
                try cluster.start()
                cluster.stop()
            }
            try cluster.start()
            let known = try version(at: record)
            try cluster.result("environment", "create", "shop/late", "--schedule", "none")
            try Data("two".utf8).write(to: live.appendingPathComponent("file"))
            guard
                case .backup(let second) = try cluster.result("backup", "create", "shop/live", "--note", "later")
            else { throw TestFailure("no backup") }
            try cluster.until("the new record is there") { try version(at: record) > known }
            cluster.stop()

            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: catalog + end) }
            try copyCatalog(copy, catalog)
            // The node has obeyed a leader of a higher epoch, and refuses this one.
            try cluster.start(awaitsNode: false)
            #expect(try state(cluster).backups.map(\.id) == [first.id])
            let rebuilt = try rebuild(cluster)
            #expect(rebuilt.nodes.isEmpty && rebuilt.projects.isEmpty)
            #expect(rebuilt.problems.isEmpty, "\(rebuilt.problems)")
            #expect(rebuilt.found.map(\.added) == [1] && rebuilt.found.map(\.known) == [1])
            let after = try state(cluster)
            #expect(Set(after.backups.map(\.id)) == [first.id, second.backup.id])
            #expect(after.backups.first { $0.id == second.backup.id }?.note == "later")
            #expect(after.environments.contains { $0.hasPrefix("shop/late") })
            guard case .backup(let kept) = try cluster.result("backup", "show", first.id.text) else {
                throw TestFailure("no backup")
            }
            #expect(kept.backup.pinnedAt != nil)
            guard
                case .restore(let restored) = try cluster.result(
                    "restore", "start", second.backup.id.text, "--to", "shop/live", "--yes")
            else { throw TestFailure("no restore") }
            #expect(restored.status == .succeeded)
            #expect(try Data(contentsOf: live.appendingPathComponent("file")) == Data("two".utf8))
        }
    }

    // MARK: what is compared

    /// What people see of a backup, but for what was said of it later.
    private struct Seen: Hashable {
        var id: BackupID
        var environment: EnvironmentReference
        var trigger: Backup.Trigger
        var state: Backup.State
        var services: [ServiceReference]
        var note: String?
        var author: String
        var createdAt: Timestamp
        var parts: [BackupPart]

        init(_ backup: Backup) {
            id = backup.id
            environment = backup.environment
            trigger = backup.trigger
            state = backup.state
            services = backup.services
            note = backup.note
            author = backup.author
            createdAt = backup.createdAt
            parts = backup.parts
        }
    }

    private func state(_ cluster: Cluster) throws -> (backups: [Seen], environments: [String]) {
        guard case .backups(let backups) = try cluster.result("backup", "list"),
            case .environments(let environments) = try cluster.result("environment", "list"),
            case .schedules(let schedules) = try cluster.result("schedule", "list")
        else { throw TestFailure("no lists") }
        let complete = backups.filter { $0.state == .complete }.map(Seen.init).sorted { $0.id < $1.id }
        let names = environments.map { "\($0.environment) \($0.services)" }
        return (complete, (names + schedules.map { "\($0.environment) daily at \($0.timing)" }).sorted())
    }

    private func rebuild(_ cluster: Cluster, _ arguments: String...) throws -> Rebuilt {
        let outcome = try HoldfastBinary.run(
            ["catalog", "rebuild", "--json"] + arguments, environment: cluster.client)
        guard outcome.status == 0 else { throw TestFailure("rebuild: \(outcome.errors)\(outcome.output)") }
        guard
            case .rebuilt(let rebuilt) = try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
        else { throw TestFailure("no result: \(outcome.output)") }
        return rebuilt
    }

    private func project(_ name: String, _ cluster: Cluster) throws -> ProjectID {
        guard case .project(let detail) = try cluster.result("project", "show", name) else {
            throw TestFailure("no project")
        }
        return detail.id
    }

    /// Of the record that a node has; nil where it has none.
    private func version(of project: ProjectID, on node: String, _ regions: Regions) -> UInt64? {
        try? version(at: regions.directory(node) + "/projects/\(project)")
    }

    private func version(at path: String) throws -> UInt64 {
        try Data(contentsOf: URL(fileURLWithPath: path))[22..<30].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
