import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

struct MediaInspectionTests {
    private func report(_ fixture: MediaFixture, _ path: String, _ purpose: CheckServices.Purpose) throws
        -> CheckReport.ServiceReport
    {
        let node = try #require(NodeID("000000000001"))
        let service = try ServiceReference("media")
        return MediaInspection(roots: MediaRoots(allowed: [fixture.scratch.path], calls: LinuxFileCalls()), node: node)
            .report(on: service, path: path, purpose: purpose)
    }

    private func restore(bytes: Int64, files: Int64 = 1) -> CheckServices.Purpose {
        var counts = MediaCounts()
        counts.files = files
        return .restore(
            job: MediaFixture().job(1), counts: .media(counts), bytes: bytes, fromAnotherProject: false)
    }

    @Test func goodTreesHaveAnIdentityAndNoProblems() throws {
        let fixture = MediaFixture()
        let (outer, inner) = (fixture.path("outer"), fixture.path("outer/inner"))
        for purpose in [.capture, restore(bytes: 1000), .exchange] {
            let (one, two) = (try report(fixture, outer, purpose), try report(fixture, inner, purpose))
            #expect(one.problems.filter { $0.severity == .error } == [])
            let (a, b) = (try #require(one.identity), try #require(two.identity))
            #expect(a != b && a.overlaps(b) && b.overlaps(a))
            let other = try #require(try report(fixture, fixture.path("other"), purpose).identity)
            #expect(!other.overlaps(a) && !other.overlaps(b))
        }
    }

    @Test func problemsSayWhatToDo() throws {
        let fixture = MediaFixture()
        let path = fixture.path("tree")
        let cases: [(String, CheckServices.Purpose, ErrorCode)] = [
            ("\(path)/missing", .capture, .notFound), ("/etc", .capture, .notAllowedHere),
            (path, restore(bytes: 1 << 60), .noSpace), (path, restore(bytes: .max, files: .max), .noSpace),
        ]
        for (path, purpose, code) in cases {
            let problems = try report(fixture, path, purpose).problems
            #expect(problems.first?.code == code && problems.first?.severity == .error, "\(path): \(problems)")
        }
    }

    @Test(.enabled(if: !MediaFixture.isRoot))
    func rightsAreLookedAt() throws {
        let fixture = MediaFixture()
        let path = fixture.path("tree")
        chmod(path, 0o500)
        #expect(try report(fixture, path, .exchange).problems.map(\.code) == [.permissionDenied])
        #expect(try report(fixture, path, .capture).problems == [])
    }

    /// A file system of its own in the tree: too small for what is restored, and nothing that could be exchanged.
    @Test(.enabled(if: MediaFixture.isRoot))
    func mountPointsAndFullFileSystemsAreNoticed() async throws {
        let (fixture, chunks) = (MediaFixture(), MemoryChunks())
        let small = fixture.path("tree") + "/small"
        mkdir(small, 0o755)
        guard mount("tmpfs", small, "tmpfs", 0, "size=1m,nr_inodes=1000") == 0 else { return }
        // 2 is MNT_DETACH.
        defer { umount2(small, 2) }
        fixture.write("tree/small/inside", "x")

        let problems = try report(fixture, fixture.path("tree"), .exchange).problems
        #expect(problems.map(\.code) == [.checkFailed])
        #expect(problems.first?.message.contains("'small' in the tree is a mount point") == true)
        #expect(try report(fixture, small, restore(bytes: 2 << 20)).problems.map(\.code) == [.noSpace])
        #expect(try report(fixture, small, restore(bytes: 1, files: 5000)).problems.last?.code == .noSpace)

        let (entries, outcome) = try await fixture.capture("tree", chunks: chunks)
        #expect(entries.entries.map(\.path) == [[], Array("small".utf8)])
        #expect(
            outcome.warnings.first == [
                "small is another file system, which is not entered; make it a service of its own."
            ])

        MediaSampleTree(in: fixture.path("big"), seed: 3)
        let (manifest, _) = try await fixture.capture("big", chunks: chunks)
        let error = await #expect(throws: HoldfastError.self) {
            let root = try MediaRoots(allowed: [small], calls: LinuxFileCalls()).open(small)
            let staging = try MediaStaging.make(in: root, job: fixture.job(2))
            _ = try await MediaApply(staging: staging, adjustment: .none, content: chunks)
                .apply(MemoryEntries(manifest.entries))
        }
        #expect(error?.code == .noSpace && error?.context["path"] != nil)
    }
}
