// Beside Foundation, which other files of this target import, the members of `stat` belong to this module.
import CoreFoundation
import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastNode
import HoldfastTestKit
import Testing

struct MediaRoundTripTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func capturedTreeIsBuiltAgain(seed: UInt64) async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        MediaSampleTree(in: fixture.path("from"), seed: seed)
        let before = MediaTreeDigest(of: fixture.path("from"))
        let (manifest, captured) = try await fixture.capture("from", chunks: chunks)
        if MediaFixture.isRoot { #expect(captured.warnings.first == []) }
        #expect(captured.counts.files > 20 && captured.counts.hardLinks == 4 && captured.counts.symbolicLinks == 5)

        let (staging, applied) = try await fixture.stage(
            manifest.entries, chunks: chunks, in: "to", job: fixture.job(1))
        if MediaFixture.isRoot { #expect(applied.warnings.first == []) }
        #expect(applied.counts == captured.counts)
        var exchange = try MediaExchange.prepare(staging)
        _ = try exchange.settle(toward: .new)
        let after = MediaTreeDigest(of: fixture.path("to"))
        #expect(before.lines.filter { $0.contains("system.posix_acl_") }.count == 2)
        if MediaFixture.isRoot {
            #expect(after.differences(from: before) == [], "seed \(seed)")
            #expect(MediaTreeDigest(of: fixture.path("from")) == before, "capturing changed the tree")
        }
        var status = stat()
        #expect(lstat("\(fixture.path("to"))/holes", &status) == 0)
        #expect(status.st_blocks * 512 < 2 << 20, "holes were filled")
    }

    @Test func verificationFindsWhatDiffers() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        MediaSampleTree(in: fixture.path("from"), seed: 7)
        let (manifest, captured) = try await fixture.capture("from", chunks: chunks)
        let (staging, _) = try await fixture.stage(manifest.entries, chunks: chunks, in: "to", job: fixture.job(1))
        func verify() async throws -> MediaVerify.Outcome {
            let verify = MediaVerify(staging: staging, adjustment: .none, contentTest: chunks.holds)
            return try await verify.verify(MemoryEntries(manifest.entries), counts: captured.counts)
        }
        let good = try await verify()
        #expect(good.first == [] && good.isSame)
        #expect(good.counts == captured.counts)

        let tree = staging.tree.path
        chmod("\(tree)/empty", 0o711)
        unlink("\(tree)/link")
        symlink("elsewhere", "\(tree)/added")
        let file = Glibc.open("\(tree)/big", O_WRONLY)
        var status = stat()
        fstat(file, &status)
        _ = pwrite(file, "?", 1, 777)
        futimens(file, [status.st_atim, status.st_mtim])
        close(file)
        let bad = try await verify()
        #expect(
            bad.first == [
                "a-third-name has other content", "added is not in the backup",
                "empty has mode 711 instead of 2750", "link is missing",
            ])
        #expect(throws: HoldfastError.self) { try bad.check() }
    }

    @Test func unchangedFilesAreNotRead() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        MediaSampleTree(in: fixture.path("from"), seed: 4)
        let (first, outcome) = try await fixture.capture("from", chunks: chunks)
        #expect(outcome.readFiles == outcome.counts.files)
        let (second, again) = try await fixture.capture("from", chunks: chunks, since: first.entries)
        #expect(again.readBytes == 0 && again.reusedFiles == again.counts.files)
        #expect(second.entries == first.entries)

        fixture.write("from/images/zero", "no longer")
        let (_, third) = try await fixture.capture("from", chunks: chunks, since: first.entries)
        #expect(third.readFiles == 1 && third.readBytes == 9)
        let (_, full) = try await fixture.capture("from", chunks: chunks, since: first.entries, fullRead: true)
        #expect(full.reusedFiles == 0)
        chunks.mayReuse = false
        let (_, refused) = try await fixture.capture("from", chunks: chunks, since: first.entries)
        #expect(refused.reusedFiles == 0)
    }

    @Test func anotherProjectsContentLosesItsPowers() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        MediaSampleTree(in: fixture.path("from"), seed: 5)
        if MediaFixture.isRoot { chown(fixture.path("to"), 4321, 5432) }
        let (manifest, captured) = try await fixture.capture("from", chunks: chunks)
        let rules = try MediaAdjustment.fromAnotherProject(into: fixture.open("to"))
        let (staging, _) = try await fixture.stage(
            manifest.entries, chunks: chunks, in: "to", job: fixture.job(1), adjustment: rules)
        let verified = try await MediaVerify(staging: staging, adjustment: rules).verify(
            MemoryEntries(manifest.entries))
        #expect(verified.first == [])
        let digest = MediaTreeDigest(of: staging.tree.path, withRoot: false)
        #expect(digest.lines.count == manifest.entries.count - 1 - (MediaFixture.isRoot ? 1 : 0))
        for line in digest.lines {
            #expect(!line.contains("trusted.") && !line.contains("system.") && !line.contains("device="))
            if MediaFixture.isRoot { #expect(line.contains("owner=4321:5432"), "\(line)") }
            #expect(!line.contains("mode=104755") && !line.contains("mode=42750"), "\(line)")
        }
        #expect(captured.counts.others == (MediaFixture.isRoot ? 3 : 2))
    }

    @Test func hostileManifestsMakeNothingOutside() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        let time = FileTime(seconds: 1, nanoseconds: 0)
        func entry(_ path: String, _ kind: MediaEntry.Kind) -> MediaEntry {
            MediaEntry(
                path: Array(path.utf8), kind: kind, mode: 0o644, owner: geteuid(), group: getegid(), modified: time,
                changed: time, device: 1, inode: 1)
        }
        let (root, file) = (entry("", .directory), MediaEntry.Kind.file(size: 0, extents: [], chunks: []))
        let cases: [[MediaEntry]] = [
            [root, entry("../out", file)], [root, entry("/out", file)], [root, entry("a//b", file)],
            [root, entry("a/b", file)], [root, entry("a", file), entry("a", file)], [root, entry(".", .directory)],
            [root, entry("l", .symbolicLink(target: Array("..".utf8))), entry("l/out", file)],
            [root, entry("a\0b", file)], [root, entry(".holdfast-x", .directory)], [entry("a", file)],
            [root, entry("a", .hardLink(first: Array("../../keep".utf8)))],
            [
                root, entry("l", .symbolicLink(target: Array("/etc/passwd".utf8))),
                entry("z", .hardLink(first: Array("l".utf8))),
            ],
            [root, entry("a", .hardLink(first: Array("b".utf8))), entry("b", file)],
            [root, entry("a", .file(size: 5, extents: [.init(offset: 3, length: 3)], chunks: []))],
            [root, entry("a", .file(size: .max, extents: [.init(offset: .max - 1, length: 3)], chunks: []))],
            [root, entry("a", .file(size: .max, extents: [], chunks: []))],
            [root, entry("a", .file(size: 5, extents: [.init(offset: 0, length: 5)], chunks: []))],
            [root, entry(String(repeating: "x", count: 256), file)], [root, root],
            [root, entry("b", .directory), entry("a", .directory), entry("b/x", file)],
            [root, entry("l", .symbolicLink(target: []))],
        ]
        for (index, entries) in cases.enumerated() {
            fixture.write("to-keep", "keep")
            let root = try fixture.open("to")
            let error = await #expect(throws: HoldfastError.self, "case \(index)") {
                _ = try await fixture.stage(entries, chunks: chunks, in: "to", job: fixture.job(1))
            }
            #expect(
                [.malformed, .notFound, .inputOutput].contains(error?.code),
                "case \(index): \(String(describing: error))")
            #expect(MediaTreeDigest(of: root.path, withRoot: false).lines == [], "case \(index)")
            try MediaStaging.discard(in: root, job: fixture.job(1))
            #expect(access("\(root.path)/.holdfast-\(fixture.job(1))", F_OK) != 0)
        }
    }
}
