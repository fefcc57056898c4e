import Crypto
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

/// Content straight out of a backup, as the coordinator gives it on.
@Suite(.timeLimit(.minutes(5))) struct BackupGetTests {
    private func open(
        _ coordinator: Coordinator, _ get: BackupGet, as principal: Principal
    ) async throws -> BackupContent {
        try await coordinator.commands.open(get, as: principal, from: .local)
    }

    private func bytes(_ content: BackupContent, _ range: Range<Int64>) async throws -> [UInt8] {
        let bytes = Mutex<[UInt8]>([])
        try await content.read(range) { piece in bytes.withLock { $0 += piece } }
        return bytes.withLock { $0 }
    }

    @Test func rangesAndHeads() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let prepared = cluster.nodes.prepared
            let file = try await open(
                coordinator, BackupGet(backup: backup.id, what: .path("//a b/1.jpg/")), as: cluster.admin)
            #expect(file.head.name == "1.jpg" && file.head.type == "image/jpeg" && file.head.form == .file)
            #expect(file.head.bytes == Int64(prepared.count))
            #expect(try await bytes(file, 0..<file.head.bytes) == prepared)
            #expect(try await bytes(file, 17..<4321) == Array(prepared[17..<4321]))
            #expect(await cluster.nodes.located.last?.path == "a b/1.jpg")
            let directory = try await open(
                coordinator, BackupGet(backup: backup.id, what: .path("directory")), as: cluster.admin)
            #expect(directory.head.name == "directory.tar" && directory.head.type == "application/x-tar")
            let table = try await open(
                coordinator, BackupGet(backup: backup.id, what: .table("public.orders")), as: cluster.admin)
            #expect(table.head.name.hasSuffix(".sql") && table.head.service.kind == .database)
            #expect(Set([file, directory, table].map(\.head.tag)).count == 3)
            let again = try await open(
                coordinator, BackupGet(backup: backup.id, what: .path("a b/1.jpg")), as: cluster.admin)
            #expect(again.head == file.head)
        }
    }

    @Test func asACommandItGivesAllOfIt() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let given = Mutex<(heads: [ContentHead], bytes: [UInt8])>(([], []))
            let result = try await coordinator.commands.perform(
                .backupGet(BackupGet(backup: backup.id, what: .path("x"))), as: cluster.admin
            ) { event in
                given.withLock { given in
                    switch event {
                    case .content(let head): given.heads.append(head)
                    case .piece(let bytes): given.bytes += bytes
                    default: break
                    }
                }
            }
            guard case .given(let last) = result else {
                Issue.record("nothing given")
                return
            }
            #expect(given.withLock(\.heads) == [last.content])
            #expect(given.withLock(\.bytes) == cluster.nodes.prepared)
            #expect(last.sha256 == Array(SHA256.hash(data: cluster.nodes.prepared)).hexadecimal)
        }
    }

    /// The node goes away in the middle, and another try goes on at the same byte.
    @Test func goesOnWhereANodeFailed() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let content = try await open(
                coordinator, BackupGet(backup: backup.id, what: .path("x")), as: cluster.admin)
            let gone = HoldfastError(.unavailable, "gone")
            await cluster.nodes.plan(.breakOff(afterPieces: 3, gone), for: "read-download")
            #expect(try await bytes(content, 0..<content.head.bytes) == cluster.nodes.prepared)
            #expect(await cluster.nodes.reads.map(\.offset) == [0, 3000])
        }
    }

    @Test func whatFailsEndsWithItsReason() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            await cluster.nodes.plan(.refuse(HoldfastError(.corrupt, "damaged")), for: "read-download")
            let damaged = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .backupGet(BackupGet(backup: backup.id, what: .path("x"))))
            }
            #expect(damaged?.code == .corrupt)
            let missing = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(coordinator, .backupGet(BackupGet(backup: backup.id, what: .path("missing"))))
            }
            #expect(missing?.code == .notFound)
        }
    }

    @Test func needsARoleAndIsInTheAudit() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let get = BackupGet(backup: backup.id, what: .path("secret-name"))
            let viewer = Principal(name: "vera", roles: [cluster.live.project: .viewer])
            for attempt in 0..<2 {
                let error = await #expect(throws: HoldfastError.self) {
                    if attempt == 0 {
                        _ = try await open(coordinator, get, as: viewer)
                    } else {
                        try await cluster.perform(coordinator, .backupGet(get), as: viewer)
                    }
                }
                #expect(error?.code == .permissionDenied)
            }
            #expect(await cluster.nodes.located.isEmpty)
            _ = try await open(coordinator, get, as: cluster.admin)
            try await cluster.perform(coordinator, .backupGet(get))
            let rows = try await cluster.catalog.all(AuditEntry.self).map(\.value).filter {
                $0.change == "backup get \(backup.id)"
            }
            #expect(rows.count == 4 && rows.count { $0.result == .accepted } == 2)
            #expect(!rows.contains { $0.change.contains("secret") })
        }
    }
}
