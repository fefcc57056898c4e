import Crypto
import HoldfastModel

@testable import HoldfastArchive

extension HostileInput {
    static var archive: [HostileInput] {
        [
            HostileInput("manifest-header", seeds: [ArchiveSamples.manifestHeader.bytes]) { bytes in
                let header = try ManifestHeader(decoding: bytes)
                _ = header.createdAt.description
                try hold(bytes.starts(with: header.bytes), "another header")
            },
            HostileInput("manifest-end", seeds: [ArchiveSamples.manifestEnd]) { bytes in
                _ = try ManifestTrailer(bytes, subject: "manifest")
            },
            HostileInput("media-entry", seeds: ArchiveSamples.entries.compactMap { try? $0.record() }) { bytes in
                let entry = try MediaEntry(record: bytes, subject: "manifest")
                var sequence = MediaSequence()
                _ = sequence.accept(ArchiveSamples.entries[0])
                guard sequence.accept(entry) == nil else { return }
                try hold(try entry.record() == bytes, "another entry")
            },
            HostileInput("dump-table", seeds: [ArchiveSamples.table.record()]) { bytes in
                let table = try DumpTable(record: bytes, subject: "manifest")
                _ = DumpTable.brokenRule([ArchiveSamples.table, table], dumpBytes: 1 << 20)
                try hold(table.record() == bytes, "another table")
            },
            HostileInput("manifest", seeds: ArchiveSamples.manifests, later: readManifest),
            HostileInput("shard-index", seeds: [[0, 100] + ArchiveSamples.shardIndex(sealed: 100).bytes]) { bytes in
                var parts = Parts(bytes)
                let (sealed, plain) = (parts.number(), parts.all())
                let index = try ShardIndex(plain, sealedBytes: sealed, subject: "shard")
                try hold(index.bytes == plain, "another index")
                _ = index.entries(of: ArchiveSamples.name)
            },
            HostileInput("shard", seeds: ArchiveSamples.shards, later: readShard),
            HostileInput("stored-shard", seeds: ArchiveSamples.objects, later: { try await readStored($0, .shard) }),
            HostileInput(
                "stored-manifest", seeds: ArchiveSamples.objects, later: { try await readStored($0, .manifest) }),
            HostileInput("packed", seeds: ArchiveSamples.packed) { bytes in
                var parts = Parts(bytes)
                let form = Packed.Form(rawValue: parts.byte() & 1) ?? .plain
                let length = parts.number() << 7
                let plain = try Packed(form: form, bytes: parts.all()).unpacked(plainLength: length, subject: "block")
                try hold(plain.count == length, "another length")
            },
            HostileInput("reference-list", seeds: [ArchiveSamples.references]) { bytes in
                let list = try ReferenceList(decoding: bytes)
                let again = try list.sealed(ArchiveSamples.keys).bytes
                try hold(again.dropLast(32) == bytes.dropLast(32), "another list")
            },
            HostileInput("tombstone", seeds: [ArchiveSamples.tombstone]) { bytes in
                let stone = try Tombstone(decoding: bytes)
                let again = stone.sealed(ArchiveSamples.keys).bytes
                try hold(again.dropLast(32) == bytes.dropLast(32), "another tombstone")
                let isGenuine = (try? Tombstone(verifying: bytes, keys: ArchiveSamples.keys)) != nil
                try hold(isGenuine == (again == bytes), "a seal of another tombstone")
            },
            HostileInput("chunk-index", seeds: [ArchiveSamples.indexBody]) { body in
                let bytes = body + Array(SHA256.hash(data: body)) + Format.end.magic
                let index = try ChunkIndex("index", in: OneIndexFile(bytes: bytes), project: ArchiveSamples.project)
                for number in [UInt8(0), 1, 7, 128, 255] {
                    _ = index.location(of: ChunkName(bytes: [UInt8](repeating: number, count: 32)))
                }
            },
            HostileInput("project-keys", seeds: [Array(ArchiveSamples.keys.serialized.revealed.utf8)]) { bytes in
                let text = Secret(String(decoding: bytes, as: UTF8.self))
                let keys = try ProjectKeys(serialized: text)
                try hold(keys.serialized.revealed == text.revealed.lowercased(), "other keys")
            },
            HostileInput("cluster-key", seeds: [Array(ArchiveSamples.clusterKey.text.revealed.utf8)]) { bytes in
                _ = try ClusterKey(text: Secret(String(decoding: bytes, as: UTF8.self)))
            },
            HostileInput("sealed-secret", seeds: ArchiveSamples.sealedSecrets) { bytes in
                _ = try ArchiveSamples.clusterKey.open(
                    SealedSecret(sealed: String(decoding: bytes, as: UTF8.self)), purpose: "test")
            },
        ]
    }

    /// What a node gives for an object, and says of its size.
    private static func readStored(_ bytes: [UInt8], _ kind: ObjectKind) async throws {
        var parts = Parts(bytes)
        let claims = [.min, .max, -1, 0, 1 << 30, (1 << 30) + 1] as [Int64]
        let claim = parts.byte()
        let stored = parts.all()
        let source = OneObject(bytes: stored, claim: claim < claims.count ? claims[Int(claim)] : nil)
        guard kind == .manifest else {
            _ = try await OpenShard.open(
                ArchiveSamples.name, source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project)
            return
        }
        let manifest = try await ManifestReader.open(
            source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project, name: ArchiveSamples.name)
        _ = manifest.header.createdAt.description
    }

    /// Seals what an attacker who has the keys could: plain blocks and numbers of his choice.
    private static func readManifest(_ bytes: [UInt8]) async throws {
        var parts = Parts(bytes)
        let isMedia = parts.byte() & 1 == 0
        let numbers = (0..<6).map { _ in UInt64(parts.byte()) }
        let (form, declared) = (parts.byte(), parts.number())
        let plain = parts.all()
        let header = isMedia ? ArchiveSamples.manifestHeader : ArchiveSamples.databaseHeader
        let sealer = try header.sealer(ArchiveSamples.keys)
        func frame(_ form: UInt8, _ length: Int, _ plain: [UInt8], _ domain: Sealer.Domain) throws -> [UInt8] {
            var writer = ByteWriter()
            writer.integer(form)
            writer.integer(UInt32(length))
            writer.raw(plain)
            var framed = ByteWriter()
            framed.long(try sealer.seal(writer.bytes, domain, 0))
            return framed.bytes
        }
        let block = try frame(form, form == 0 ? plain.count : declared, plain, .content)
        var trailer = ManifestTrailer(summary: ArchiveSamples.summary)
        (trailer.blocks, trailer.entries, trailer.references) = (numbers[0], numbers[1], numbers[2])
        trailer.referencedBytes = numbers[3]
        // At the block, behind it, or anywhere.
        trailer.tablesOffset =
            UInt64(header.bytes.count) + (numbers[4] == 1 ? UInt64(block.count) : numbers[4] == 0 ? 0 : numbers[4])
        trailer.tablesBlock = numbers[5]
        let ending = try trailer.bytes()
        var writer = ByteWriter()
        writer.raw(header.bytes + block)
        let offset = UInt64(writer.count)
        writer.raw(try frame(0, ending.count, ending, .ending))
        writer.integer(offset)
        writer.raw(Format.end.magic)
        let source = OneObject(bytes: writer.bytes)
        let manifest = try await ManifestReader.open(
            source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project, name: ArchiveSamples.name)
        if isMedia {
            var reader = try manifest.media()
            while try await reader.next() != nil {}
        } else {
            let database = try manifest.database()
            _ = try await database.tables()
            var references = database.references()
            while try await references.next() != nil {}
        }
    }

    private static func readShard(_ bytes: [UInt8]) async throws {
        var parts = Parts(bytes)
        var plainIndex = parts.bytes(parts.number())
        let content = parts.all()
        let header = ShardHeader(
            project: ArchiveSamples.project, sealingKey: 1, salt: [UInt8](repeating: 3, count: 32))
        let sealer = try header.sealer(ArchiveSamples.keys)
        let segment = try sealer.seal(content, .content, 0)
        if plainIndex.count >= 8 {
            // The one number that no attacker gets wrong.
            plainIndex.replaceSubrange(4..<8, with: withUnsafeBytes(of: UInt32(segment.count).bigEndian) { Array($0) })
        }
        let index = try sealer.seal(plainIndex, .ending, 0)
        let offset = UInt64(ShardHeader.byteCount + segment.count)
        let footer = ShardFooter(indexOffset: offset, indexLength: UInt64(index.count))
        let source = OneObject(bytes: header.bytes + segment + index + footer.bytes)
        let shard = try await OpenShard.open(
            ArchiveSamples.name, source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project)
        let reader = ArchiveReader(
            source: source, keys: ArchiveSamples.keys, project: ArchiveSamples.project, shards: [ArchiveSamples.name])
        for segment in shard.index.segments.prefix(2) {
            for chunk in segment.chunks.prefix(2) {
                let bytes = try await reader.read(chunk)
                try hold(bytes.count == Int(chunk.length), "another length")
            }
        }
    }
}

/// A store that holds the same bytes under every name.
private struct OneObject: ObjectSource {
    let bytes: [UInt8]
    /// What it says of its size; the truth where nil.
    var claim: Int64?

    func read(_ kind: ObjectKind, _ name: ObjectName, offset: Int64, length: Int64?) async throws -> [UInt8] {
        guard offset >= 0, offset <= Int64(bytes.count) else { throw HoldfastError(.corrupt, "too short") }
        return Array(bytes[Int(offset)...].prefix(length.map { Int($0) } ?? bytes.count))
    }

    func size(_ kind: ObjectKind, _ name: ObjectName) async throws -> Int64 { claim ?? Int64(bytes.count) }
}

/// The same bytes under every name.
private struct OneIndexFile: IndexFiles {
    let bytes: [UInt8]

    func map(_ name: String) -> MappedBytes {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        copy.copyBytes(from: bytes)
        return MappedBytes(UnsafeRawBufferPointer(copy)) { $0.deallocate() }
    }

    func create(_ name: String) throws(HoldfastError) -> any IndexFileOutput {
        throw HoldfastError(.unsupported, "nothing is written here")
    }

    func remove(_ name: String) {}
}
