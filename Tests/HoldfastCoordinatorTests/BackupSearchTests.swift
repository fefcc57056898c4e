import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import Testing

/// Which backups hold a path, and how two differ, as the coordinator puts it together.
@Suite(.timeLimit(.minutes(5))) struct BackupSearchTests {
    private func file(_ path: String, _ content: String) -> FoundFile {
        FoundFile(
            path: path, kind: .file, bytes: Int64(content.utf8.count), modifiedAt: Timestamp(milliseconds: 0),
            target: nil, content: content)
    }

    /// Backups of one environment, the oldest first, each with these files.
    private func backUp(
        _ cluster: Cluster, _ coordinator: Coordinator, _ trees: [[FoundFile]?]
    ) async throws -> [Backup] {
        var backups: [Backup] = []
        for tree in trees {
            let backup = try await cluster.backUp(coordinator, cluster.live)
            cluster.time.advance(by: .seconds(60))
            let manifest = try #require(backup.parts.first { $0.service.kind == .media }).manifest
            if let tree { await cluster.nodes.set(tree, in: manifest) } else { await cluster.nodes.spoil(manifest) }
            backups.append(backup)
        }
        return backups
    }

    private func find(_ cluster: Cluster, _ coordinator: Coordinator, _ find: BackupFind) async throws -> BackupFindPage
    {
        guard case .found(let page) = try await cluster.perform(coordinator, .backupFind(find)) else {
            throw HoldfastError(.internal, "nothing found")
        }
        return page
    }

    @Test func newestFirstWithWhatChanged() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backups = try await backUp(
                cluster, coordinator,
                [
                    [file("a", "1"), file("b", "1")], [file("a", "1"), file("b", "2")], nil,
                    [file("a", "1"), file("b", "2"), file("c", "1")], [file("b", "3")],
                ])
            let page = try await find(
                cluster, coordinator,
                BackupFind(project: cluster.live.project, environment: cluster.live.environment, pattern: "*"))
            #expect(page.parts.map(\.backup) == backups.reversed().map(\.id))
            #expect(page.next == nil)
            let told = page.parts.map { $0.files.map { "\($0.path)=\($0.change.map(\.rawValue) ?? "?")" } }
            #expect(
                told == [
                    ["b=changed"], ["a=same", "b=same", "c=added"], [], ["a=same", "b=changed"],
                    ["a=added", "b=added"],
                ])
            #expect(page.parts.map { $0.failure?.code } == [nil, nil, .corrupt, nil, nil])
            let one = try await find(cluster, coordinator, BackupFind(project: cluster.live.project, pattern: "/c"))
            #expect(one.parts.map(\.files.count) == [0, 1, 0, 0, 0])
        }
    }

    /// However pages are cut, together they say what one says.
    @Test(arguments: [1, 2, 3, 5, 1000]) func pagesTogetherAreTheWhole(_ limit: Int) async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let names = (1...4).map { "f\($0)" }
            _ = try await backUp(
                cluster, coordinator,
                [
                    names.map { file($0, "1") }, [], names.dropLast().map { file($0, "1") }, nil,
                    names.map { file($0, $0) }, [file("f2", "f2"), file("f3", "9")],
                ])
            let scope = BackupFind(project: cluster.live.project, pattern: "f?", limit: 1000)
            let whole = try await find(cluster, coordinator, scope)
            func lines(_ page: BackupFindPage) -> [String] {
                page.parts.flatMap { part in
                    part.files.map { "\(part.backup) \($0.path) \($0.change.map(\.rawValue) ?? "?")" }
                }
            }
            var (found, from, pages): ([String], String?, Int) = ([], nil, 0)
            repeat {
                var next = scope
                (next.limit, next.from) = (limit, from)
                let page = try await find(cluster, coordinator, next)
                #expect(page.parts.reduce(0) { $0 + $1.files.count } <= limit)
                found += lines(page)
                from = page.next
                pages += 1
            } while from != nil && pages < 50
            #expect(found == lines(whole) && found.count == 13)
        }
    }

    @Test func onlyWhatOneMaySee() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            _ = try await backUp(cluster, coordinator, [[file("a", "1")]])
            let project = cluster.live.project
            func refusal(_ find: BackupFind) async -> ErrorCode? {
                await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .backupFind(find)) }?
                    .code
            }
            let nobody = Principal(name: "nobody", roles: [try Name("other"): .owner])
            let error = await #expect(throws: HoldfastError.self) {
                try await cluster.perform(
                    coordinator, .backupFind(BackupFind(project: project, pattern: "a")), as: nobody)
            }
            #expect(error?.code == .permissionDenied)
            #expect(await refusal(BackupFind(project: try Name("none"), pattern: "a")) == .notFound)
            #expect(
                await refusal(BackupFind(project: project, environment: try Name("none"), pattern: "a")) == .notFound)
            for pattern in ["", "/", "a\\"] {
                #expect(await refusal(BackupFind(project: project, pattern: pattern)) == .invalidArgument)
            }
            for from in ["", "x", "0123456789ab", "0123456789ab/media", "0123456789ab/no such/x"] {
                #expect(await refusal(BackupFind(project: project, pattern: "a", from: from)) == .invalidArgument)
            }
            #expect(await refusal(BackupFind(project: project, pattern: "a", limit: 0)) == .invalidArgument)
            #expect(
                await refusal(BackupFind(project: project, pattern: "a", source: ServiceReference(.database)))
                    == .invalidArgument)
        }
    }

    @Test func differencesOfEachService() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let backups = try await backUp(cluster, coordinator, [[], []])
            func diff(_ diff: BackupDiff) async throws -> BackupDiffResult {
                guard case .difference(let result) = try await cluster.perform(coordinator, .backupDiff(diff)) else {
                    throw HoldfastError(.internal, "no difference")
                }
                return result
            }
            let all = try await diff(BackupDiff(old: backups[0].id, new: backups[1].id))
            #expect(all.services.map(\.service) == backups[0].parts.map(\.service))
            #expect(all.services.allSatisfy { $0.state == .both && $0.difference?.totals.added.bytes == 7 })
            #expect(await cluster.nodes.compared.map(\.old) == backups[0].parts.map(\.manifest))
            #expect(await cluster.nodes.compared.map(\.new) == backups[1].parts.map(\.manifest))
            let media = ServiceReference(.media)
            let page = BackupDiff(old: backups[0].id, new: backups[1].id, source: media, from: "x/y", limit: 3)
            #expect(try await diff(page).services.map(\.service) == [media])
            #expect(await cluster.nodes.compared.last.map { "\($0.from ?? "") \($0.limit)" } == "x/y 3")
            // One that can't be read is told, and the others are compared.
            await cluster.nodes.spoil(backups[0].parts[0].manifest)
            let partly = try await diff(BackupDiff(old: backups[0].id, new: backups[1].id))
            #expect(partly.services.map { $0.failure?.code } == [.corrupt, nil])
            func refusal(_ diff: BackupDiff) async -> ErrorCode? {
                await #expect(throws: HoldfastError.self) { try await cluster.perform(coordinator, .backupDiff(diff)) }?
                    .code
            }
            let missing = try #require(BackupID("0123456789ab"))
            #expect(await refusal(BackupDiff(old: missing, new: backups[1].id)) == .notFound)
            #expect(await refusal(BackupDiff(old: backups[0].id, new: backups[1].id, from: "x")) == .invalidArgument)
            let other = try ServiceReference("media:other")
            #expect(await refusal(BackupDiff(old: backups[0].id, new: backups[1].id, source: other)) == .notFound)
        }
    }
}
