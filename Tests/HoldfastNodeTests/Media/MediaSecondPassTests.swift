import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastNode
import HoldfastTestKit
import Testing

/// The pass after a database's snapshot, and files that don't keep still.
struct MediaSecondPassTests {
    private func again(
        _ fixture: MediaFixture, _ chunks: MemoryChunks, after first: [MediaEntry]
    ) async throws -> (entries: MemoryEntries, outcome: MediaCapture.Outcome) {
        let sink = MemoryEntries()
        let capture = MediaCapture(tree: PosixMediaTree(root: try fixture.open("tree")), store: chunks, sink: sink)
        return (sink, try await capture.captureAgain(after: MemoryEntries(first), startedAt: MediaFixture.later))
    }

    @Test func whatVanishedOrChangedIsKept() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        let path = fixture.path("tree")
        for name in ["gone", "gone/deep", "replaced", "stays"] { _ = fixture.path("tree/\(name)") }
        for name in ["gone/deep/file", "changed", "linked", "replaced/inside", "stays/file", "z-removed"] {
            fixture.write("tree/\(name)", "first \(name)")
        }
        link("\(path)/linked", "\(path)/other-name")
        link("\(path)/replaced/inside", "\(path)/sibling")
        symlink("before", "\(path)/symlink")
        let (first, _) = try await fixture.capture("tree", chunks: chunks)

        unlink("\(path)/gone/deep/file")
        rmdir("\(path)/gone/deep")
        rmdir("\(path)/gone")
        unlink("\(path)/replaced/inside")
        rmdir("\(path)/replaced")
        unlink("\(path)/sibling")
        fixture.write("tree/replaced", "a file now")
        fixture.write("tree/changed", "second, longer")
        unlink("\(path)/other-name")
        unlink("\(path)/linked")
        fixture.write("tree/linked", "another file")
        fixture.write("tree/new", "new")
        unlink("\(path)/z-removed")
        unlink("\(path)/symlink")
        symlink("after", "\(path)/symlink")
        let (second, outcome) = try await again(fixture, chunks, after: first.entries)

        #expect(
            second.entries.map { "\(String.printable(bytes: $0.path)) \($0.flags.rawValue)" } == [
                " 0", "changed 0", "changed 2", "gone 1", "gone/deep 1", "gone/deep/file 1", "linked 0", "linked 2",
                "new 0",
                "other-name 1", "replaced 0", "sibling 1", "stays 0", "stays/file 0", "symlink 0", "symlink 2",
                "z-removed 1",
            ])
        #expect(outcome.readFiles == 4 && outcome.reusedFiles == 1)
        #expect(
            outcome.warnings.count == 1 && outcome.warnings.first.first?.hasPrefix("replaced was a directory") == true)
        // Names of files that are others now, or lost, became files with the content they had.
        let files = first.entries.reduce(into: [[UInt8]: MediaEntry.Kind]()) { $0[$1.path] = $1.kind }
        #expect(second.at("other-name").first?.kind == files[Array("linked".utf8)])
        #expect(second.at("sibling").first?.kind == files[Array("replaced/inside".utf8)])

        // A manifest of two passes can be built and verified.
        let (staging, applied) = try await fixture.stage(second.entries, chunks: chunks, in: "to", job: fixture.job(1))
        #expect(applied.counts == outcome.counts && applied.warnings.count == 0)
        let verify = MediaVerify(staging: staging, adjustment: .none, contentTest: chunks.holds)
        let verified = try await verify.verify(MemoryEntries(second.entries), counts: outcome.counts)
        #expect(verified.first == [])
    }

    @Test func nothingIsReadAgainWithoutNeed() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        MediaSampleTree(in: fixture.path("tree"), seed: 11)
        let (first, _) = try await fixture.capture("tree", chunks: chunks)
        let (second, outcome) = try await again(fixture, chunks, after: first.entries)
        #expect(outcome.readBytes == 0)
        #expect(second.entries == first.entries)
    }

    @Test func aFileThatChangesWhileItIsReadIsReadAgain() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        _ = fixture.path("tree")
        fixture.write("tree/log", "one")
        var count = 0
        chunks.whileReading = {
            count += 1
            if count == 1 { fixture.write("tree/log", "longer") }
        }
        let (entries, outcome) = try await fixture.capture("tree", chunks: chunks)
        #expect(count == 2 && outcome.warnings.count == 0 && outcome.counts.bytes == 6)
        #expect(entries.at("log").first?.flags == [])

        chunks.whileReading = {
            count += 1
            fixture.write("tree/log", String(repeating: "x", count: count))
        }
        let (unsettled, warned) = try await fixture.capture("tree", chunks: chunks)
        #expect(count == 5)
        #expect(unsettled.at("log").first?.flags == .unsettled)
        #expect(warned.warnings.first.first?.hasPrefix("log changed each of the 3 times") == true)
        // What was unsettled is read by the next backup whatever its times say.
        chunks.whileReading = {}
        let (_, next) = try await fixture.capture("tree", chunks: chunks, since: unsettled.entries)
        #expect(next.readFiles == 1)
    }

    @Test func aFileCutShortWhileItIsReadKeepsItsExtentsTrue() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        _ = fixture.path("tree")
        let text = String(repeating: "0123456789", count: 150_000)
        fixture.write("tree/file", text)
        chunks.whileReading = {
            truncate("\(fixture.scratch.path)/tree/file", 0); fixture.write("tree/file", text + "x")
        }
        let (entries, _) = try await fixture.capture("tree", chunks: chunks)
        guard case .file(let size, let extents, let references) = entries.at("file").first?.kind else {
            return #expect(Bool(false), "no file")
        }
        #expect(extents.reduce(0) { $0 + $1.length } == references.reduce(0) { $0 + UInt64($1.length) })
        #expect(size == extents.last.map { $0.offset + $0.length })
    }

    @Test func manifestsOutOfOrderAreRefused() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        MediaSampleTree(in: fixture.path("tree"), seed: 12)
        let (first, _) = try await fixture.capture("tree", chunks: chunks)
        await #expect(throws: HoldfastError.self) {
            _ = try await again(fixture, chunks, after: Array(first.entries.reversed()))
        }
    }
}
