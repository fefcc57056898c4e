import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

struct MediaWalkTests {
    private func entries(_ root: MediaDirectory, max: Int = 256) throws -> (entries: [MediaEntry], warnings: Warnings) {
        let walk = try PosixMediaTree(root: root).walk()
        var entries: [MediaEntry] = []
        while case let batch = try walk.next(max: max), !batch.isEmpty { entries += batch.map(\.entry) }
        return (entries, walk.warnings)
    }

    @Test(arguments: [1, 3, 256])
    func everythingIsMetOnceAndInOrder(max: Int) throws {
        let fixture = MediaFixture()
        MediaSampleTree(in: fixture.path("tree"), seed: 9)
        _ = fixture.path("tree/.holdfast-something")
        fixture.write("tree/.holdfast-something/secret", "")
        _ = fixture.path("tree/images/.holdfast-not-ours")
        let (entries, _) = try entries(fixture.open("tree"), max: max)
        for (left, right) in zip(entries, entries.dropFirst()) { #expect(MediaOrder.precedes(left.path, right.path)) }
        let lines = MediaTreeDigest(of: fixture.path("tree")).lines
        #expect(entries.count == lines.count)
        #expect(entries.contains { $0.path == Array("images/.holdfast-not-ours".utf8) })
        let links = entries.filter { if case .hardLink = $0.kind { true } else { false } }
        #expect(links.map(\.kind).contains(.hardLink(first: Array("a-third-name".utf8))))
        #expect(links.count == 4)
        for name in MediaSampleTree.oddNames { #expect(entries.contains { $0.path == name }) }
    }

    /// Longer than any path a system call takes, and deeper than the directories that are kept open.
    @Test(.timeLimit(.minutes(5)))
    func veryDeepTreesAreWalkedBuiltAndRemoved() async throws {
        let (fixture, chunks) = (MediaFixture(inMemory: true), MemoryChunks())
        let root = try fixture.open("from")
        let (name, depth) = ([UInt8](repeating: UInt8(ascii: "d"), count: 200), 120)
        var handle = root.handle
        for level in 0..<depth {
            try handle.makeDirectory(name)
            _ = try handle.makeFile(Array("after-\(level)".utf8))
            let file = try handle.makeFile(Array("z".utf8))
            try [1, 2, 3 as UInt8].withUnsafeBytes { try file.write($0, at: 0) }
            handle = try handle.directory(at: name)
        }
        let (manifest, outcome) = try await fixture.capture("from", chunks: chunks)
        #expect(outcome.counts.directories == Int64(depth) && outcome.counts.files == Int64(2 * depth))
        #expect(outcome.warnings.first == [] && outcome.counts.bytes == Int64(3 * depth))
        #expect(manifest.entries.map(\.path.count).max() ?? 0 > 4096 * 5)
        let (staging, applied) = try await fixture.stage(
            manifest.entries, chunks: chunks, in: "to", job: fixture.job(1))
        #expect(applied.counts == outcome.counts)
        let verified = try await MediaVerify(staging: staging, adjustment: .none, contentTest: chunks.holds)
            .verify(MemoryEntries(manifest.entries), counts: outcome.counts)
        #expect(verified.first == [])
        try MediaStaging.drop(in: staging.root, job: staging.job, expected: staging.identity)
        try TreeRemoval.remove(name, expected: root.handle.status(of: name).identity, in: root.handle)
        #expect(MediaTreeDigest(of: fixture.path("from"), withRoot: false).lines.count == 2)
    }

    @Test func aDirectorySwappedForALinkIsNotFollowed() throws {
        let fixture = MediaFixture()
        for name in ["tree", "tree/a", "tree/b", "outside"] { _ = fixture.path(name) }
        fixture.write("outside/secret", "")
        fixture.write("tree/b/inside", "")
        let walk = try PosixMediaTree(root: fixture.open("tree")).walk()
        #expect(try walk.next(max: 1).map(\.entry.path) == [[]])
        rmdir(fixture.path("tree/a"))
        rename("\(fixture.scratch.path)/tree/b", "\(fixture.scratch.path)/moved")
        symlink("../outside", "\(fixture.scratch.path)/tree/b")
        let rest = try walk.next(max: 100).map(\.entry)
        #expect(rest.map(\.kind) == [.symbolicLink(target: Array("../outside".utf8))])
        #expect(walk.warnings.first == ["a vanished before it could be read."])
    }

    @Test func aFileSwappedForALinkOrAFIFOIsNotRead() async throws {
        let fixture = MediaFixture()
        _ = fixture.path("tree")
        fixture.write("outside", "secret")
        for name in ["a", "b", "c"] { fixture.write("tree/\(name)", name) }
        let walk = try PosixMediaTree(root: fixture.open("tree")).walk()
        let files = try walk.next(max: 100).dropFirst()
        for name in ["a", "b", "c"] { unlink("\(fixture.scratch.path)/tree/\(name)") }
        symlink("../outside", "\(fixture.scratch.path)/tree/a")
        mkfifo("\(fixture.scratch.path)/tree/b", 0o600)
        var read = 0
        for file in files {
            switch try await walk.read(file, into: { read += $0.count }) {
            case .vanished, .unreadable: break
            case .settled, .changed: Issue.record("read \(String.printable(bytes: file.entry.path))")
            }
        }
        #expect(read == 0)
    }

    @Test(.enabled(if: MediaFixture.isRoot))
    func otherFileSystemsAreNotEntered() throws {
        let fixture = MediaFixture()
        // /proc holds other file systems below itself; /dev has shm and pts.
        let root = try MediaRoots(allowed: ["/dev"], calls: LinuxFileCalls()).open("/dev")
        let (entries, warnings) = try entries(root)
        guard access("/dev/pts/ptmx", F_OK) == 0 else { return }
        #expect(!entries.contains { $0.path.starts(with: "pts/".utf8) })
        #expect(warnings.first.contains { $0.contains("pts") && $0.contains("another file system") })
        _ = fixture
    }

    @Test func onlyConfiguredDirectoriesAreOpened() throws {
        let fixture = MediaFixture()
        for name in ["allowed", "allowed/inner", "outside"] { _ = fixture.path(name) }
        let base = fixture.scratch.path
        symlink("../outside", "\(base)/allowed/link")
        symlink("inner", "\(base)/allowed/near")
        fixture.write("allowed/file", "")
        let roots = MediaRoots(allowed: ["\(base)/allowed/", "\(base)/nowhere"], calls: LinuxFileCalls())
        #expect(try roots.open("\(base)/allowed").identity == roots.open("\(base)//allowed/").identity)
        #expect(try roots.open("\(base)/allowed/inner").path == "\(base)/allowed/inner")
        let cases: [(String, ErrorCode)] = [
            ("\(base)/outside", .notAllowedHere), ("/etc", .notAllowedHere), ("/", .notAllowedHere),
            ("\(base)/allowed-not", .notAllowedHere), ("\(base)/allowed/link", .notAllowedHere),
            ("\(base)/allowed/near", .notAllowedHere), ("\(base)/allowed/link/x", .notAllowedHere),
            ("\(base)/allowed/../outside", .invalidArgument), ("allowed", .invalidArgument), ("", .invalidArgument),
            ("\(base)/allowed/missing", .notFound), ("\(base)/allowed/file", .notFound), ("\(base)/nowhere", .notFound),
            ("\(base)/allowed/a\0b", .invalidArgument),
        ]
        for (path, code) in cases {
            let error = #expect(throws: HoldfastError.self, "\(path)") { _ = try roots.open(path) }
            #expect(error?.code == code, "\(path): \(String(describing: error))")
        }
    }
}
