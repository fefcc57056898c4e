import Foundation
import HoldfastModel
import Testing

@testable import HoldfastArchive

/// A directory of a part as a tar of its own.
@Suite(.timeLimit(.minutes(5))) struct DirectoryTarTests {
    /// As a worker finds it.
    private func layout(of path: String, in tree: SampleTree) async throws -> DownloadLayout {
        let bytes = Array(path.utf8)
        var entries = try tree.manifest.media()
        var place = entries.place
        while let entry = try await entries.next(), entry.path != bytes { place = entries.place }
        var members = try DirectoryMembers(of: bytes, in: tree.manifest, from: place)
        var (count, checkpoints) = (UInt64(0), Checkpoints<ManifestPosition>())
        while true {
            let place = members.place
            guard let member = try await members.next() else { break }
            checkpoints.offer(count, place)
            count += member.byteCount
        }
        // As it crosses the wire.
        return try DownloadLayout(
            DownloadLayout(form: .directory(bytes), byteCount: count, checkpoints: checkpoints).text)
    }

    private func names(_ bytes: [UInt8]) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("hf-tar-\(UUID()).tar").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let script = """
            import hashlib, sys, tarfile
            archive = tarfile.open(sys.argv[1], errors="surrogateescape")
            for item in archive:
                content = archive.extractfile(item).read() if item.isreg() else b""
                kind = "link=" + item.linkname if item.islnk() else hashlib.sha256(content).hexdigest() if item.isreg() else "-"
                print(item.name.encode("utf8", "surrogateescape").hex(), kind)
            """
        return try Tool.run(["python3", "-c", script, path]).split(separator: "\n").map(String.init)
    }

    @Test func holdsTheDirectoryAlone() async throws {
        let tree = try await SampleTree.make()
        let layout = try await layout(of: "names", in: tree)
        let found = try names(try await tree.read(layout, 0..<layout.byteCount))
        let expected = tree.entries.filter { $0.path.starts(with: "names/".utf8) || $0.path == Array("names".utf8) }
        #expect(expected.count == SampleTree.hostile.count + 1)
        #expect(
            found
                == expected.map { entry in
                    "\(entry.path.hexadecimal) \(tree.contents[entry.path].map { SHA.hexadecimal($0) } ?? "-")"
                })
    }

    @Test func isCalledByItsLastName() async throws {
        let tree = try await SampleTree.make()
        let deep = String(repeating: "directory-of-some-length/", count: 11).dropLast()
        let layout = try await layout(of: String(deep), in: tree)
        let found = try names(try await tree.read(layout, 0..<layout.byteCount))
        let content = try #require(tree.contents[Array("\(deep)/deep.bin".utf8)])
        #expect(
            found == [
                "\(Array("directory-of-some-length".utf8).hexadecimal) -",
                "\(Array("directory-of-some-length/deep.bin".utf8).hexadecimal) \(SHA.hexadecimal(content))",
            ])
    }

    @Test func allOfItIsTheTarWithoutItsList() async throws {
        let tree = try await SampleTree.make()
        let layout = try await layout(of: "", in: tree)
        let whole = try await tree.read(layout, 0..<layout.byteCount)
        let tar = try await tree.tar()
        let listed = try await tree.read(tar, 0..<tar.byteCount)
        #expect(listed.suffix(whole.count) == whole[...])
    }

    @Test func everyRangeIsASliceOfTheWhole() async throws {
        let tree = try await SampleTree.make()
        for path in ["", "names"] {
            let layout = try await layout(of: path, in: tree)
            let whole = try await tree.read(layout, 0..<layout.byteCount)
            #expect(UInt64(whole.count) == layout.byteCount)
            for start in stride(from: UInt64(0), to: layout.byteCount, by: Int(layout.byteCount / 60) + 1) {
                let range = start..<min(start + 1500, layout.byteCount)
                let slice = Array(whole[Int(range.lowerBound)..<Int(range.upperBound)])
                #expect(try await tree.read(layout, range) == slice, "\(path) \(range)")
            }
        }
    }

    /// A second name whose first lies outside is a file in the tar; one whose first is inside stays a link.
    @Test func secondNamesOfFilesOutside() async throws {
        let store = MemoryStore()
        let content = SeededEntropy(9).bytes(1000)
        let (chunks, _) = try await Samples.store([content], in: store)
        let manifest = try await store.manifest(of: [
            Samples.entry("a"), Samples.entry("a/first", Samples.file(chunks)), Samples.entry("b"),
            Samples.entry("b/file", Samples.file(chunks)),
            Samples.entry("b/in", .hardLink(first: Array("b/file".utf8))),
            Samples.entry("b/out", .hardLink(first: Array("a/first".utf8))), Samples.entry("c"),
        ])
        let (bytes, _) = try await read("b", manifest, store)
        let hash = SHA.hexadecimal(content)
        let expected = [("b", "-"), ("b/file", hash), ("b/in", "link=b/file"), ("b/out", hash)]
        #expect(try names(bytes) == expected.map { "\(Array($0.0.utf8).hexadecimal) \($0.1)" })
    }

    @Test func tooManySecondNamesAreRefused() async throws {
        let store = MemoryStore()
        let (chunks, _) = try await Samples.store([[1, 2, 3]], in: store)
        let links = (100..<165).map { Samples.entry("b/\($0)", .hardLink(first: Array("a".utf8))) }
        let manifest = try await store.manifest(
            of: [Samples.entry("a", Samples.file(chunks)), Samples.entry("b")] + links)
        let error = await #expect(throws: HoldfastError.self) { try await read("b", manifest, store) }
        #expect(error?.code == .tooLarge)
    }

    private func read(
        _ path: String, _ manifest: ManifestReader<MemoryStore>, _ store: MemoryStore
    ) async throws -> (bytes: [UInt8], layout: DownloadLayout) {
        var entries = try manifest.media()
        var place = entries.place
        while let entry = try await entries.next(), entry.path != Array(path.utf8) { place = entries.place }
        var members = try DirectoryMembers(of: Array(path.utf8), in: manifest, from: place)
        var (count, checkpoints) = (UInt64(0), Checkpoints<ManifestPosition>())
        checkpoints.offer(0, place)
        while let member = try await members.next() { count += member.byteCount }
        let layout = DownloadLayout(form: .directory(Array(path.utf8)), byteCount: count, checkpoints: checkpoints)
        let archive = ArchiveReader(
            source: store, keys: Samples.keys, project: Samples.project, shards: store.shardNames)
        var bytes: [UInt8] = []
        try await DownloadStream(layout: layout, manifest: manifest, archive: archive).read(0..<count) { bytes += $0 }
        return (bytes, layout)
    }
}
