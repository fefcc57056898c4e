import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// Trees made to break a capture: what can't be kept is named, and costs neither the rest nor memory.
@Suite(.timeLimit(.minutes(5))) struct HostileTreeTests {
    private func reservedName(_ number: Int) -> [UInt8] {
        let digits = Array(String(number).utf8)
        let front = Array(".holdfast-".utf8)
        // No byte of it is UTF-8, and it holds what JSON and terminals take amiss.
        return front + [UInt8](repeating: 0xff, count: 253 - front.count - digits.count) + [0x22, 0x1b] + digits
    }

    @Test func reservedNamesAreNamedUnlessTheyAreOurs() async throws {
        let fixture = MediaFixture()
        let job = fixture.job(1)
        _ = fixture.path("tree")
        for name in [".holdfast-\(job)", ".holdfast-cache", ".holdfast-\(job)x"] {
            _ = fixture.path("tree/\(name)")
            fixture.write("tree/\(name)/inside", "")
        }
        fixture.write("tree/.holdfast-\(fixture.job(2))", "a file of that name is nobody's staging")
        fixture.write("tree/.holdfast-", "")
        fixture.write("tree/.holdfast-\u{1b}[31m\n", "")
        fixture.write("tree/.holdfast", "kept")
        let (entries, outcome) = try await fixture.capture("tree", chunks: MemoryChunks())
        #expect(entries.entries.map(\.path) == [[], Array(".holdfast".utf8)])
        let left = [
            ".holdfast-", ".holdfast-\\u{1b}[31m\\u{a}", ".holdfast-\(fixture.job(2))", ".holdfast-\(job)x",
            ".holdfast-cache",
        ]
        #expect(
            outcome.warnings.first.sorted()
                == left.map {
                    "\($0) is left out: names that begin with .holdfast- here are Holdfast's own; rename it."
                }.sorted())
    }

    /// Each part of a reply that has as many as possible, and each warning as long as it can be.
    @Test func tenThousandThatCantBeKeptFitAMessage() async throws {
        let fixture = MediaFixture(inMemory: true)
        let root = try fixture.open("tree")
        for number in 0..<10_000 { _ = try root.handle.makeFile(reservedName(number)) }
        _ = try root.handle.makeFile(Array("kept".utf8))
        let (entries, outcome) = try await fixture.capture("tree", chunks: MemoryChunks())
        #expect(entries.entries.count == 2)
        #expect(outcome.warnings.count == 10_000)
        #expect(outcome.warnings.first.count > 10 && outcome.warnings.bytes <= Warnings.room)
        // The whole name, so that it can be found and renamed.
        let first = try #require(outcome.warnings.first.first)
        let names = Set((0..<10_000).map { String.printable(bytes: reservedName($0), limit: .max) })
        #expect(names.contains { first.hasPrefix("\($0) is left out") })

        let name = try #require(ObjectName(String(repeating: "ab", count: 32)))
        let time = Timestamp(milliseconds: 1_900_000_000_000)
        var parts = try (0..<50).map { number in
            BackupPart(
                service: try ServiceReference("media:\(String(repeating: "s", count: 30))\(number)"), manifest: name,
                references: name, startedAt: time, endedAt: time, sizes: PartSizes(), counts: .media(outcome.counts),
                warnings: number == 7 ? Warnings() : outcome.warnings)
        }
        BackupPart.limitWarnings(of: &parts)
        #expect(parts.allSatisfy { $0.warnings.count == ($0.service == parts[7].service ? 0 : 10_000) })
        #expect(try WireJSON.bytes(of: parts, "reply").count < 60_000)

        // One that has much to say among many that have little keeps most of it.
        for index in parts.indices where index != 3 { parts[index].warnings = Warnings() }
        parts[3].warnings = outcome.warnings
        BackupPart.limitWarnings(of: &parts)
        #expect(parts[3].warnings == outcome.warnings)
    }

    /// The manifest's format keeps paths of 65,535 bytes. Someone who makes a longer one loses that, and nobody else.
    @Test func aPathTooLongToKeepIsNamedAndTheRestIsKept() async throws {
        let (fixture, chunks) = (MediaFixture(inMemory: true), MemoryChunks())
        let root = try fixture.open("from")
        let name = [UInt8](repeating: UInt8(ascii: "n"), count: 255)
        var handle = root.handle
        for _ in 0..<300 {
            try handle.makeDirectory(name)
            handle = try handle.directory(at: name)
        }
        fixture.write("from/z", "kept")
        let (manifest, outcome) = try await fixture.capture("from", chunks: chunks)
        #expect(outcome.counts.directories == 256 && outcome.counts.files == 1)
        #expect(outcome.warnings.count == 1)
        #expect(outcome.warnings.first.first?.contains("n has a path of more than 65535 bytes") == true)
        let (staging, applied) = try await fixture.stage(
            manifest.entries, chunks: chunks, in: "to", job: fixture.job(1))
        #expect(applied.counts == outcome.counts)
        try MediaStaging.drop(in: staging.root, job: staging.job, expected: staging.identity)
        try TreeRemoval.remove(name, in: root.handle) { () throws(CallFailure) in }
    }

    /// What is held for each level is not its path, and no step begins at the root; but nothing here measures that.
    @Test func aVeryDeepTreeComesBack() async throws {
        let (fixture, chunks) = (MediaFixture(inMemory: true), MemoryChunks())
        let root = try fixture.open("from")
        let name = [UInt8(ascii: "d")]
        let depth = 1000
        var handle = root.handle
        for _ in 0..<depth {
            try handle.makeDirectory(name)
            _ = try handle.makeFile(Array("z".utf8))
            handle = try handle.directory(at: name)
        }
        let (manifest, outcome) = try await fixture.capture("from", chunks: chunks)
        #expect(outcome.counts.directories == Int64(depth) && outcome.counts.files == Int64(depth))
        #expect(outcome.warnings.count == 0)
        let (staging, applied) = try await fixture.stage(
            manifest.entries, chunks: chunks, in: "to", job: fixture.job(1))
        #expect(applied.counts == outcome.counts)
        try MediaStaging.drop(in: staging.root, job: staging.job, expected: staging.identity)
        try TreeRemoval.remove(name, in: root.handle) { () throws(CallFailure) in }
    }

    @Test(.enabled(if: MountPoint.canMount))
    func whatIsMountedInsideIsNamedAndNotRead() async throws {
        let fixture = MediaFixture()
        for name in ["tree", "tree/other", "tree/same", "outside"] { _ = fixture.path(name) }
        fixture.write("outside/secret", "secret")
        fixture.write("tree/file", "below the mount")
        fixture.write("tree/kept", "kept")
        let base = fixture.scratch.path
        let mounts = [
            try #require(MountPoint(tmpfsAt: "\(base)/tree/other")),
            // The same file system, so that no device number tells.
            try #require(MountPoint(bind: "\(base)/outside", at: "\(base)/tree/same")),
            try #require(MountPoint(bind: "\(base)/outside/secret", at: "\(base)/tree/file")),
        ]
        let (entries, outcome) = try await fixture.capture("tree", chunks: MemoryChunks())
        #expect(
            entries.entries.map { String.printable(bytes: $0.path) } == ["", "kept", "other", "same"])
        #expect(outcome.counts.bytes == 4)
        #expect(
            outcome.warnings.first == [
                "file is mounted from elsewhere; it is left out.",
                "other is another file system, which is not entered; make it a service of its own.",
                "same is another file system, which is not entered; make it a service of its own.",
            ])
        withExtendedLifetime(mounts) {}
    }

    /// Some file systems hold hundreds of MiB of them with one file.
    @Test(.enabled(if: MountPoint.canMount))
    func attributesBeyondAllMeasureDontCostTheirFile() async throws {
        let fixture = MediaFixture()
        let mount = try #require(MountPoint(tmpfsAt: fixture.path("tree")))
        fixture.write("tree/file", "kept")
        fixture.write("tree/small", "kept")
        let path = Array("\(mount.path)/file".utf8)
        for number in 0..<8 {
            MediaSampleTree.setAttribute(path, "trusted.\(number)", [UInt8](repeating: 7, count: 50_000))
        }
        MediaSampleTree.setAttribute(Array("\(mount.path)/small".utf8), "trusted.one", [1])
        let (entries, outcome) = try await fixture.capture("tree", chunks: MemoryChunks())
        #expect(entries.at("file").first?.attributes == [] && entries.at("small").first?.attributes.count == 1)
        #expect(outcome.counts.bytes == 8)
        #expect(
            outcome.warnings.first == ["file has extended attributes of more than 256 KiB; they are left out."])
    }
}
