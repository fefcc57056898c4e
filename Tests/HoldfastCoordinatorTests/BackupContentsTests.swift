import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import Testing

/// What the coordinator asks a node about a backup's content, and what it answers.
@Suite(.timeLimit(.minutes(5))) struct BackupContentsTests {
    @Test func tablesComePageByPage() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            var (found, after, pages): ([BackupTable], Int?, Int) = ([], 0, 0)
            while let start = after {
                let list = BackupTableList(backup: backup.id, after: start, limit: 2)
                guard case .tables(let page) = try await cluster.perform(coordinator, .backupTables(list)) else {
                    throw HoldfastError(.internal, "no tables")
                }
                #expect(page.total == 5 && page.service.kind == .database)
                found += page.tables
                (after, pages) = (page.next, pages + 1)
            }
            #expect(pages == 3 && found == FakeNodes.tables)
            let manifest = backup.parts.first { $0.service.kind == .database }?.manifest
            #expect(await cluster.nodes.browsed == [manifest, manifest, manifest])
        }
    }

    @Test func filesAreThoseOfTheMedia() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            let list = BackupFileList(backup: backup.id, path: "a/b", from: "0102")
            guard case .files(let page) = try await cluster.perform(coordinator, .backupFiles(list)) else {
                throw HoldfastError(.internal, "no files")
            }
            #expect(page.service.kind == .media && page.path == "a/b" && page.next == "next of a/b")
            #expect(page.files.map(\.name) == ["from 0102"])
            #expect(await cluster.nodes.browsed == [backup.parts.first { $0.service.kind == .media }?.manifest])
        }
    }

    @Test func onlyIntoWhatIsThere() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backup = try await cluster.backUp(coordinator, cluster.live)
            func refusal(_ command: Command) async -> ErrorCode? {
                await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, command) }?.code
            }
            let (database, media) = (ServiceReference(.database), ServiceReference(.media))
            let other = try ServiceReference("media:other")
            #expect(await refusal(.backupTables(BackupTableList(backup: backup.id, source: media))) == .invalidArgument)
            #expect(
                await refusal(.backupFiles(BackupFileList(backup: backup.id, source: database))) == .invalidArgument)
            #expect(await refusal(.backupFiles(BackupFileList(backup: backup.id, source: other))) == .notFound)
            for limit in [0, 1001, -1] {
                #expect(
                    await refusal(.backupTables(BackupTableList(backup: backup.id, limit: limit))) == .invalidArgument)
                #expect(
                    await refusal(.backupFiles(BackupFileList(backup: backup.id, limit: limit))) == .invalidArgument)
            }
            #expect(await refusal(.backupTables(BackupTableList(backup: backup.id, after: -1))) == .invalidArgument)
            #expect(await cluster.nodes.browsed.isEmpty)
            // A deleted one can be looked into for as long as it can be taken back.
            try await cluster.perform(coordinator, .backupDelete(backup.id))
            try await cluster.perform(coordinator, .backupTables(BackupTableList(backup: backup.id)))
            try await cluster.perform(coordinator, .backupFiles(BackupFileList(backup: backup.id)))
            try await cluster.perform(coordinator, .backupDelete(backup.id, now: true))
            #expect(await refusal(.backupTables(BackupTableList(backup: backup.id))) == .checkFailed)
            #expect(await refusal(.backupFiles(BackupFileList(backup: backup.id))) == .checkFailed)
            #expect(await cluster.nodes.browsed.count == 2)
        }
    }
}
