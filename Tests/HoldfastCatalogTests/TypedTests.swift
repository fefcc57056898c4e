import HoldfastModel
import Testing

@testable import HoldfastCatalog

@Suite(.timeLimit(.minutes(5)))
struct TypedTests {
    private let entropy = SeededEntropy(seed: 3)

    private func project(_ name: String, at milliseconds: Int64 = 1000) throws -> Project {
        let policy = PlacementPolicy(name: try Name("one"), copies: 1, regions: 1)
        return Project(
            id: ProjectID(at: Timestamp(milliseconds: milliseconds), entropy: entropy), name: try Name(name),
            createdAt: Timestamp(milliseconds: milliseconds), policy: policy,
            wrappedKey: SealedSecret(sealed: "c2VhbA=="))
    }

    private func backup(_ environment: String, at seconds: Int64) throws -> Backup {
        let at = Timestamp(milliseconds: seconds * 1000)
        return Backup(
            id: BackupID(at: at, entropy: entropy), project: ProjectID(at: at, entropy: entropy),
            environment: try EnvironmentReference(environment), job: JobID(at: at, entropy: entropy),
            trigger: .onDemand, services: [ServiceReference(.media)], note: "a/b “ü”", author: "ann", createdAt: at)
    }

    private func job(_ environment: String, at seconds: Int64, _ machine: Job.Machine) throws -> Job {
        let at = Timestamp(milliseconds: seconds * 1000)
        return Job(
            id: JobID(at: at, entropy: entropy), project: ProjectID(at: at, entropy: entropy),
            environment: try EnvironmentReference(environment), author: "ann", createdAt: at, machine: machine)
    }

    @Test(arguments: Driver.allCases)
    func valuesRoundTripUnderTheirNames(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let shop = try project("shop")
            let live = Environment(
                reference: try EnvironmentReference("shop/live"), createdAt: shop.createdAt,
                services: [Service(reference: ServiceReference(.media), target: .media(path: "/srv/ü"))])
            let node = Node(
                id: NodeID(at: shop.createdAt, entropy: entropy), name: try Name("one"), region: try Name("eu"),
                address: nil, weight: 1.5, joinedAt: shop.createdAt)
            let claim = Claim(
                job: try testJob(1), destination: live.reference,
                identities: [.database(system: "7", oid: 16384, name: "shop")])
            let token = JoinToken(
                digest: String(repeating: "ab", count: 32), author: "ann", createdAt: shop.createdAt,
                expiresAt: shop.createdAt.advanced(by: .seconds(60)))
            let layout = Setting(.layout, Layout(number: 3, members: []))
            try await catalog.commit(
                Transaction(
                    epoch: epoch,
                    expects: [.absent(shop), .absent(Environment.self, live.reference), .absent(layout)],
                    writes: [.put(shop), .put(live), .put(node), .put(claim), .put(token), .put(layout)]))
            #expect(try await catalog.get(Project.self, shop.name)?.value == shop)
            #expect(try await catalog.get(Environment.self, live.reference)?.value == live)
            #expect(try await catalog.get(Node.self, node.id)?.value == node)
            #expect(try await catalog.get(Claim.self, claim.job)?.value == claim)
            #expect(try await catalog.get(JoinToken.self, token.digest)?.value == token)
            #expect(try await catalog.get(Setting<Layout>.self, .layout)?.value == layout)
            #expect(try await catalog.get(Project.self, try Name("other")) == nil)
            #expect(try await catalog.list(Environment.self, scope: "shop").map(\.value) == [live])
            #expect(
                await code {
                    try await catalog.commit(Transaction(epoch: epoch, expects: [.absent(shop)], writes: [.put(shop)]))
                } == .conflict)
        }
    }

    @Test(arguments: Driver.allCases)
    func unchangedMeansTheRevisionThatWasRead(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            try await catalog.commit(Transaction(epoch: epoch, writes: [.put(project("shop"))]))
            let name = try Name("shop")
            let first = try #require(try await catalog.get(Project.self, name))
            var second = first
            second.value.policy.copies = 2
            let change = Transaction(epoch: epoch, expects: [.unchanged(first)], writes: [try .put(second.value)])
            try await catalog.commit(change)
            #expect(await code { try await catalog.commit(change) } == .conflict)
            #expect(try await catalog.get(Project.self, name)?.value == second.value)
            try await catalog.commit(Transaction(epoch: epoch, writes: [.delete(first.value)]))
            #expect(try await catalog.get(Project.self, name) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func backupsAreListedByEnvironmentProjectAndAge(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let backups = try [("shop/live", 10), ("shop/test", 20), ("shop/live", 30), ("blog/live", 40)].map {
                try backup($0.0, at: $0.1)
            }
            try await catalog.commit(Transaction(epoch: epoch, writes: backups.map { backup in try .put(backup) }))
            let live = try await catalog.list(Backup.self, scope: "shop/live", descending: true)
            #expect(live.map(\.value) == [backups[2], backups[0]])
            let shop = try await catalog.list(Backup.self, group: "shop", descending: true, limit: 2)
            #expect(shop.map(\.value) == [backups[2], backups[1]])
            let rest = try await catalog.list(Backup.self, group: "shop", descending: true, after: shop.last)
            #expect(rest.map(\.value) == [backups[0]])
            // By key, which is by age.
            #expect(try await catalog.list(Backup.self, descending: true).map(\.value) == backups.reversed())
            #expect(try await catalog.all(Backup.self).map(\.value) == backups)
        }
    }

    @Test(arguments: Driver.allCases)
    func jobsAreOpenUntilTheirMachineHasEnded(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let id = BackupID(at: Timestamp(milliseconds: 0), entropy: entropy)
            var ended = try job("shop/live", at: 1, .backup(BackupMachine(backup: id, services: [])))
            guard case .backup(var machine) = ended.machine else { return }
            machine.apply(.cancelled)
            ended.machine = .backup(machine)
            let running = try job("shop/test", at: 2, .verify(VerifyMachine(backup: id)))
            var kept = try job("shop/live", at: 3, .restore(Self.keptSaga(id)))
            kept.status = .succeeded
            let jobs = [ended, running, kept]
            try await catalog.commit(Transaction(epoch: epoch, writes: jobs.map { job in try .put(job) }))
            let open = try await catalog.all(Job.self, scope: Job.Scope.open.rawValue)
            #expect(open.map(\.value) == [running, kept])
            #expect(try await catalog.all(Job.self, scope: Job.Scope.ended.rawValue).map(\.value) == [ended])
            let live = try await catalog.list(Job.self, group: "shop/live", descending: true)
            #expect(live.map(\.value) == [kept, ended])
            #expect(try await catalog.all(Job.self, scope: "open", group: "shop/live").map(\.value) == [kept])
        }
    }

    private static func keptSaga(_ backup: BackupID) throws -> RestoreSaga {
        var saga = RestoreSaga(
            plan: RestorePlan(
                source: .backup(backup), destination: try EnvironmentReference("shop/live"), mappings: [],
                safetyBackup: nil, undoWindowSeconds: 60,
                node: NodeID(at: Timestamp(milliseconds: 0), entropy: SeededEntropy(seed: 3))))
        let events: [RestoreSaga.Event] = [
            .checked([]), .claimed(number: 1), .staged([]), .verified, .swapped(.new, reason: nil), .confirmed,
            .released(undoUntil: Timestamp(milliseconds: 9)),
        ]
        for event in events { saga.apply(event) }
        #expect(saga.step == .kept)
        return saga
    }

    @Test(arguments: Driver.allCases)
    func allReadsEveryPage(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let count = 1203
            let claims = try (0..<count).map {
                Claim(job: try testJob($0), destination: try EnvironmentReference("shop/live"), identities: [])
            }
            try await catalog.commit(Transaction(epoch: epoch, writes: claims.map { claim in try .put(claim) }))
            #expect(try await catalog.all(Claim.self).map(\.value) == claims)
        }
    }

    @Test(arguments: Driver.allCases)
    func laterVersionsAndGarbageAreToldApart(_ driver: Driver) async throws {
        try await driver.withOffice { catalog, epoch in
            let bodies: [(String, ErrorCode)] = [
                (#"{"version":2,"something":"new"}"#, .unsupported), (#"{"version":1}"#, .corrupt), ("", .corrupt),
                ("{", .corrupt), ("null", .corrupt),
            ]
            for (body, expected) in bodies {
                try await catalog.commit(
                    Transaction(
                        epoch: epoch,
                        writes: [.put(RecordKey(.project, "shop"), scope: "", order: 0, body: Array(body.utf8))]))
                #expect(await code { _ = try await catalog.get(Project.self, try Name("shop")) } == expected)
                #expect(await code { _ = try await catalog.list(Project.self) } == expected)
            }
            // A later version whose known keys are still there is refused all the same: saving it would lose the others.
            var later = try project("shop")
            later.version = 2
            try await catalog.commit(Transaction(epoch: epoch, writes: [.put(later)]))
            #expect(await code { _ = try await catalog.get(Project.self, later.name) } == .unsupported)
        }
    }

    @Test func bodiesHaveSortedKeys() throws {
        let token = JoinToken(
            digest: "ab", author: "a/b", createdAt: Timestamp(milliseconds: 0), expiresAt: Timestamp(milliseconds: 1))
        let expected = """
            {"author":"a/b","createdAt":"1970-01-01T00:00:00.000Z","digest":"ab",\
            "expiresAt":"1970-01-01T00:00:00.001Z","version":1}
            """
        #expect(String(decoding: try token.encoded(), as: UTF8.self) == expected)
    }
}
