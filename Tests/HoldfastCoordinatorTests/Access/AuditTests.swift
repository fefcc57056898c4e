import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct AuditTests {
    private let api = Origin(.api, address: "192.0.2.7")

    private func entries(_ cluster: Cluster, _ coordinator: Coordinator, _ list: AuditList = AuditList()) async throws
        -> [AuditEntry]
    {
        guard case .audit(let entries) = try await cluster.perform(coordinator, .auditList(list)) else { return [] }
        return entries
    }

    @Test func whoWhatFromWhereAndTheResult() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let shop = cluster.live.project
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let otto = Principal(name: "otto", roles: [shop: .operator], token: "nightly")
            func give(_ command: Command) async {
                cluster.time.advance(by: .seconds(1))
                _ = try? await coordinator.commands.perform(command, as: otto, from: api) { _ in }
            }
            await give(.backupPin(backup.id))
            await give(.backupDelete(backup.id))
            await give(.backupNote(BackupNote(backup: backup.id, note: String(repeating: "x", count: 2000))))
            await give(.backupShow(backup.id))
            let found = try await entries(cluster, coordinator, AuditList(user: "otto"))
            #expect(found.map(\.change) == ["backup note", "backup delete", "backup pin"].map { "\($0) \(backup.id)" })
            #expect(found.map(\.result) == [.failed(.tooLarge), .refused(.permissionDenied), .accepted])
            #expect(found.allSatisfy { $0.origin == api && $0.token == "nightly" && $0.project == shop })
            // The job that a change began is told.
            let begun = try await entries(cluster, coordinator, AuditList(project: shop)).filter { $0.job != nil }
            #expect(begun.map(\.job) == [backup.job])
        }
    }

    /// The row is in the transaction of the change: there is none without the other, whatever the catalog does.
    @Test func noChangeWithoutItsRow() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            func isPinned() async throws -> Bool {
                try #require(try await cluster.catalog.get(Backup.self, backup.id)).value.pinnedAt != nil
            }
            func rows() async throws -> [AuditEntry] {
                try await entries(cluster, coordinator).filter { $0.change == "backup pin \(backup.id)" }
            }
            let before = cluster.catalog.commitCount
            try await cluster.perform(coordinator, .backupPin(backup.id))
            #expect(cluster.catalog.commitCount == before + 1)
            #expect(try await rows().map(\.result) == [.accepted])
            try await cluster.perform(coordinator, .backupUnpin(backup.id))

            let failure = HoldfastError(.inputOutput, "the disk")
            cluster.catalog.inject(.before(failure))
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .backupPin(backup.id)) }
            #expect(try await !isPinned())
            #expect(try await rows().map(\.result).contains(.failed(.inputOutput)))

            // The change is made, nobody knows it, and the coordinator dies before it could write anything else.
            cluster.catalog.inject(.after(failure))
            cluster.catalog.inject(.before(failure))
            let count = try await rows().count
            cluster.time.advance(by: .seconds(1))
            await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .backupPin(backup.id)) }
            #expect(try await isPinned())
            #expect(try await rows().count == count + 1)
            #expect(try await rows().first?.result == .accepted)
        }
    }

    /// Every command that changes something leaves a row, also where nothing in the catalog changes.
    @Test func everyKindOfChangeLeavesARow() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let scene = try await AuthorizerTests.scene(cluster, coordinator)
            for kind in Command.Kind.allCases where kind != .collectRun && kind != .repairRun {
                let (command, _) = try scene.row(kind)
                let before = try await entries(cluster, coordinator, AuditList(limit: 1000)).count
                cluster.time.advance(by: .seconds(1))
                _ = try? await cluster.perform(coordinator, command)
                let found = try await entries(cluster, coordinator, AuditList(limit: 1000))
                if let change = command.change {
                    #expect(found.count == before + 1 && found.first?.change == change, "\(kind)")
                } else {
                    #expect(found.count == before, "\(kind)")
                }
            }
        }
    }

    @Test func ownersSeeWhatTheirProjectsAreAbout() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let blog = try Name("blog")
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: blog)))
            let live = try EnvironmentReference("blog/live")
            try await cluster.perform(coordinator, .environmentCreate(EnvironmentCreate(environment: live)))
            let owner = Principal(name: "olga", roles: [blog: .owner])
            func seen() async throws -> [String] {
                let list = Command.auditList(AuditList(project: blog))
                guard case .audit(let entries) = try await cluster.perform(coordinator, list, as: owner) else {
                    return []
                }
                return entries.map(\.change)
            }
            #expect(try await seen() == ["environment create blog/live"])
            try await cluster.perform(coordinator, .environmentRemove(live))
            try await cluster.perform(coordinator, .projectRemove(blog))
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: blog)))
            #expect(try await seen() == [])
        }
    }

    @Test func pagesAndDays() async throws {
        let cluster = try await Cluster()
        let backup = try await cluster.lead { try await cluster.backUp($0, cluster.live) }
        let next = try await Coordinator.start(cluster.parts)
        let start = cluster.time.now
        for number in 0..<7 {
            cluster.time.advance(by: .seconds(60))
            try await cluster.perform(next, .backupNote(BackupNote(backup: backup.id, note: "\(number)")))
        }
        let all = try await entries(cluster, next, AuditList(since: start.advanced(by: .seconds(1))))
        #expect(all.count == 7 && all == all.sorted { $0.at > $1.at })
        let page = try await entries(cluster, next, AuditList(limit: 3, after: all[1].id))
        #expect(page == Array(all[2...4]))
        cluster.time.advance(by: cluster.parts.configuration.auditKept - .seconds(200))
        try await Janitor(office: next.office).forget()
        let kept = try await entries(cluster, next, AuditList(limit: 1000))
        #expect(kept == Array(all.prefix(kept.count)) && (1...6).contains(kept.count))
    }

    @Test func secretsAreInNone() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let password = Secret("swordfish swordfish!")
            let anna = try Name("anna")
            try await cluster.perform(coordinator, .userCreate(UserCreate(name: anna, password: password)))
            let set = UserPassword(user: anna, current: password, password: password)
            try await cluster.perform(coordinator, .userPassword(set))
            // The password where the name belongs.
            for name in [password.revealed, "hunter2-hunter2"] {
                _ = try? await coordinator.accounts.logIn(name, password: password, from: api, agent: nil)
            }
            _ = try await coordinator.accounts.logIn("anna", password: password, from: api, agent: nil)
            for record in try await cluster.catalog.records(RecordQuery(.audit)) {
                let text = String(decoding: record.body, as: UTF8.self)
                #expect(!text.contains("swordfish") && !text.contains("hunter2"), "\(text)")
            }
            let changes = try await entries(cluster, coordinator).map { "\($0.user): \($0.change), \($0.result)" }
            #expect(changes.contains("unknown: log in, refused: unauthenticated"))
            #expect(changes.contains("anna: log in, accepted"))
        }
    }
}
