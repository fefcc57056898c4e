import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

/// What a node keeps beside its objects: every flipped bit and every cut of each file is noticed.
@Suite struct RecordDamageTests {
    /// Reads `bytes` in every damaged form.
    private func damage(
        _ what: String, _ bytes: [UInt8], location: SourceLocation = #_sourceLocation,
        read: ([UInt8]) async throws -> Void
    ) async throws {
        try await read(bytes)
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                await #expect(
                    throws: HoldfastError.self, "\(what), bit \(bit) of byte \(index)", sourceLocation: location
                ) {
                    try await read(flipped)
                }
            }
            await #expect(throws: HoldfastError.self, "\(what), cut at \(index)", sourceLocation: location) {
                try await read(Array(bytes[..<index]))
            }
        }
        await #expect(throws: HoldfastError.self, "\(what), a byte more", sourceLocation: location) {
            try await read(bytes + [10])
        }
    }

    private func job() throws -> JobID { try #require(JobID("000000000007")) }

    @Test func epoch() async throws {
        let disk = MemoryDisk()
        try await damage("epoch", try StateFile.bytes(of: EpochRecord(epoch: Epoch(5)))) { bytes async throws in
            try await disk.replace(EpochRecord.path, with: bytes)
            #expect(try await EpochRecord.read(from: disk)?.epoch == Epoch(5))
        }
    }

    @Test func nodeState() async throws {
        let disk = MemoryDisk()
        try await damage("node-state", try StateFile.bytes(of: NodeRecord(node: Fixture.node, layout: 3))) {
            bytes async throws in
            try await disk.replace(NodeRecord.path, with: bytes)
            #expect(try await NodeRecord.open(on: disk, node: Fixture.node).layout == 3)
        }
    }

    @Test func workNote() async throws {
        let disk = MemoryDisk()
        try await disk.makeDirectory("work")
        let job = try job()
        var note = WorkNote(job: job)
        note.set(ServiceReference(.database), .database(name: "shop_hf", oid: 16384))
        note.set(ServiceReference(.media), .media(FileIdentity(device: 8, inode: 77)))
        try await damage("work note", try StateFile.bytes(of: note)) { bytes async throws in
            try await disk.replace("work/\(job).json", with: bytes)
            let read = try await WorkNotes(disk: disk).read(job)
            #expect(read.entries.count == 2)
        }
    }

    @Test func hold() async throws {
        let names = [1, 2].map { ObjectName(bytes: [UInt8](repeating: $0, count: 32)) }
        let header = HoldFile.Header(
            backup: Fixture.backup, project: Fixture.project, until: Timestamp(milliseconds: 1_900_000_000_000),
            count: 2)
        try await damage("hold", HoldFile(header: header, names: names).bytes) { bytes async throws in
            #expect(try HoldFile(bytes, of: Fixture.backup).names == names)
        }
    }

    @Test func aRecordHasOneVersionAndOneEnd() throws {
        var writer = RecordWriter(magic: "HFTT", version: 2)
        writer.add(UInt32(7))
        let bytes = writer.finished()
        var reader = try RecordReader(bytes, magic: "HFTT", version: 2, what: "record")
        #expect(throws: HoldfastError.self, "there is more") { try reader.finish() }
        #expect(try reader.next(UInt32.self) == 7)
        try reader.finish()
        let error = #expect(throws: HoldfastError.self) {
            _ = try RecordReader(bytes, magic: "HFTT", version: 1, what: "record")
        }
        #expect(error?.code == .unsupported)
    }

    @Test func exchangeListAndStagedRoot() async throws {
        let root = MediaEntry(
            path: [], kind: .directory, mode: 0o755, owner: 1, group: 2, modified: FileTime(seconds: 3, nanoseconds: 4),
            changed: FileTime(seconds: 3, nanoseconds: 4), device: 5, inode: 6,
            attributes: [.init(name: Array("user.k".utf8), value: [1])], flags: [])
        let list = ExchangeList(
            job: try job(), oldRoot: RootMetadata(root), newRoot: RootMetadata(root), old: [:], new: [:])
        try await damage("exchange list", list.bytes) { bytes async throws in #expect(try ExchangeList(bytes) == list) }
    }
}
