import Foundation
import HoldfastModel
import Testing

@testable import HoldfastArchive

/// The bytes of a tar: fixed for a version of its layout, the same from every place they are taken up.
@Suite(.timeLimit(.minutes(5))) struct TarTests {
    @Test func headerIsGolden() throws {
        var entry = Samples.entry("a/b.txt", .file(size: 3, extents: [.init(offset: 0, length: 3)], chunks: []))
        entry.attributes = []
        let member = try #require(TarMember.member(of: entry))
        guard case .bytes(let header) = member.pieces.first else {
            Issue.record("no header")
            return
        }
        // A pax header with the time, and the file's own.
        #expect(header.count == 3 * 512)
        let pax = String(decoding: header[512..<1024].prefix { $0 != 0 }, as: UTF8.self)
        #expect(pax == "30 mtime=1790000000.000000005\n")
        let block = header[1024...]
        func field(_ offset: Int, _ count: Int) -> String {
            String(decoding: block.dropFirst(offset).prefix(count).prefix { $0 != 0 }, as: UTF8.self)
        }
        #expect(field(0, 100) == "a/b.txt")
        #expect(field(100, 8) == "0000755")
        #expect([field(108, 8), field(116, 8)] == ["0001750", "0000144"])
        #expect([field(124, 12), field(136, 12)] == ["00000000003", "15254235600"])
        #expect(field(156, 1) == "0")
        #expect(field(257, 8) == "ustar")
        #expect(Array(block.dropFirst(263).prefix(2)) == Array("00".utf8))
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
        #expect(field(148, 8) == "0" + String(sum, radix: 8))
        #expect(member.byteCount == 4 * 512)
    }

    @Test func everyRangeIsASliceOfTheWhole() async throws {
        let tree = try await SampleTree.make()
        // As the catalog keeps it.
        let layout = try DownloadLayout(try await tree.tar().text)
        let whole = try await tree.read(layout, 0..<layout.byteCount)
        #expect(UInt64(whole.count) == layout.byteCount)
        #expect(layout.checkpoints.places.count > 20)
        var ranges: [Range<UInt64>] = [
            0..<1, layout.byteCount - 1..<layout.byteCount, layout.byteCount..<layout.byteCount + 9,
        ]
        let entropy = SeededEntropy(77)
        for _ in 0..<300 {
            let word = entropy.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let start = word % layout.byteCount
            // Where things begin and end most is looked at most.
            let aligned = word % 3 == 0 ? start : start / 512 * 512 + (word >> 40) % 3
            ranges.append(aligned..<aligned + [1, 2, 511, 513, 4096, 70_000][Int(word >> 50) % 6])
        }
        for place in layout.checkpoints.places {
            guard case .tar(let listing) = layout.form else { break }
            let head = TarMember.listing(
                name: listing.name, modified: listing.modified, byteCount: listing.byteCount, chunks: [])
            let start = place.offset + head.byteCount
            ranges += [start..<start + 600, start - 1..<start + 1]
        }
        for range in ranges {
            let clamped = range.clamped(to: 0..<layout.byteCount)
            let slice = clamped.isEmpty ? [] : Array(whole[Int(clamped.lowerBound)..<Int(clamped.upperBound)])
            #expect(try await tree.read(layout, range) == slice, "\(range)")
        }
    }

    @Test func damagedChunkIsFoundWhereverItIsRead() async throws {
        let tree = try await SampleTree.make()
        // Of the content; those of the list come later.
        let shard = try #require(tree.store.shardNames.first)
        let layout = try await tree.tar()
        var bytes = try tree.store.object(.shard, shard).bytes
        bytes[bytes.count / 2] ^= 1
        tree.store.replace(shard, bytes: bytes)
        await #expect(throws: HoldfastError.self) { _ = try await tree.read(layout, 0..<layout.byteCount) }
        await #expect(throws: HoldfastError.self) { _ = try await tree.tar() }
    }

    @Test(arguments: [
        ([], "MANIFEST"), (["MANIFEST"], "MANIFEST.holdfast"),
        (["MANIFEST", "MANIFEST.holdfast"], "MANIFEST.holdfast.2"),
        (["MANIFESTO"], "MANIFEST"),
    ])
    func listTakesANameThatTheTreeHasNot(_ topLevel: [String], _ name: String) async throws {
        let tree = try await SampleTree.make(topLevel: topLevel)
        guard case .tar(let listing) = try await tree.tar().form else {
            Issue.record("no tar")
            return
        }
        #expect(String(decoding: listing.name, as: UTF8.self) == name)
    }

    @Test func singleFileIsGivenFromEveryPlace() async throws {
        let tree = try await SampleTree.make()
        for name in ["sparse", "small-hole", "large", "empty", "hole"] {
            var entries = try tree.manifest.media()
            var checkpoints = Checkpoints<ManifestPosition>()
            while true {
                let place = entries.place
                guard let entry = try await entries.next() else { break }
                if entry.path == Array(name.utf8), !entry.flags.contains(.earlier) { checkpoints.offer(0, place) }
            }
            let content = try #require(tree.contents[Array(name.utf8)])
            let layout = DownloadLayout(form: .file, byteCount: UInt64(content.count), checkpoints: checkpoints)
            #expect(try await tree.read(layout, 0..<layout.byteCount) == content, "\(name)")
            for start in stride(from: 0, to: content.count, by: 250_007) {
                let end = min(start + 1500, content.count)
                #expect(try await tree.read(layout, UInt64(start)..<UInt64(end)) == Array(content[start..<end]))
            }
        }
    }

    @Test func escapedPathsComeBack() {
        for name in SampleTree.hostile + [[0, 1, 0x7f, 0xc3, 0x28]] {
            let text = EscapedPath.text(name)
            #expect(!text.utf8.contains { $0 < 0x20 || $0 == 0x7f })
            #expect(EscapedPath.path(text) == name)
        }
        #expect(EscapedPath.path("\\q") == nil && EscapedPath.path("a\\x1") == nil && EscapedPath.path("a\\") == nil)
    }

    @Test func checkpointsStayFew() {
        var checkpoints = Checkpoints<UInt64>()
        for number in UInt64(0)..<100_000 { checkpoints.offer(number * 10, number) }
        #expect((64...128).contains(checkpoints.places.count))
        #expect(checkpoints.places.first?.offset == 0)
        let gaps = zip(checkpoints.places, checkpoints.places.dropFirst()).map { $1.offset - $0.offset }
        #expect(Set(gaps).count == 1)
        #expect(
            checkpoints.place(before: 777_777).map { $0.offset <= 777_777 && $0.offset + gaps[0] > 777_777 } == true)
    }

    @Test func largeSizesAndOldTimesAreInPax() throws {
        let size = UInt64(9) << 30
        var entry = Samples.entry("big", .file(size: size, extents: [.init(offset: 0, length: size)], chunks: []))
        entry.modified = FileTime(seconds: -2, nanoseconds: 500_000_000)
        entry.attributes = []
        guard case .bytes(let header) = TarMember.member(of: entry)?.pieces.first else {
            Issue.record("no header")
            return
        }
        let pax = String(decoding: header[512..<1024].prefix { $0 != 0 }, as: UTF8.self)
        #expect(pax == "19 size=9663676416\n14 mtime=-1.5\n")
    }
}
