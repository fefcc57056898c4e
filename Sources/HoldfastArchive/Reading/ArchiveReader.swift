package import HoldfastModel

/// Chunks wanted one after the other that lie in one segment.
private struct WantedSegment {
    var place: SegmentPlace
    var chunks: [(ChunkReference, ChunkLocation)]
}

/// Gives back the content of chunks. Whatever it returns was authenticated and has the name that was asked for.
package final class ArchiveReader<Source: ObjectSource>: Sendable {
    private let namer: ChunkNamer
    let lookup: any ChunkLookup
    let segments: SegmentStore<Source>
    private let search: ShardSearch<Source>

    /// - Parameters:
    ///   - shards: those of the part's reference list, searched for what `lookup` lacks or has wrong.
    ///   - further: more shards that may have what these lack, asked for once: the part's content may have moved to others
    ///     since its list was read.
    ///   - cacheBytes: plain bytes of opened segments kept.
    package init(
        source: Source, keys: ProjectKeys, project: ProjectID, lookup: any ChunkLookup = EmptyLookup(),
        shards: [ObjectName] = [], further: @escaping @Sendable () async throws -> [ObjectName] = { [] },
        cacheBytes: Int = 16 << 20
    ) {
        self.namer = keys.namer
        self.lookup = lookup
        self.segments = SegmentStore(source: source, keys: keys, project: project, cacheBytes: cacheBytes)
        self.search = ShardSearch(segments, shards: shards, further: further)
    }

    /// - Throws: `corrupt` where the stored bytes are not those of the chunk, `notFound`, or what the source throws.
    package func read(_ reference: ChunkReference) async throws -> [UInt8] {
        Array(try await piece(reference, try await location(of: reference)))
    }

    /// Reads many chunks, in order, with the segments of the next ones fetched and opened ahead in child tasks.
    ///
    /// - Parameters:
    ///   - ahead: segments on their way at once; each holds up to 4 MiB.
    ///   - next: the next chunk wanted, nil after the last. Called some chunks before `body` gets them.
    ///   - body: gets each chunk's content, checked.
    package func read(
        ahead: Int = 4, next: () async throws -> ChunkReference?,
        _ body: (ChunkReference, ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Result<[UInt8], any Error>).self) { tasks in
            var groups: [WantedSegment] = []
            var arrived: [Int: Result<[UInt8], any Error>] = [:]
            var (first, ended) = (0, false)
            var following: (ChunkReference, ChunkLocation)?
            while true {
                while groups.count < max(1, ahead), !ended || following != nil {
                    guard let head = try await following.takeOr({ try await self.located(next) }) else {
                        ended = true
                        break
                    }
                    following = nil
                    let place = SegmentPlace(shard: head.1.shard, segment: head.1.segment)
                    var group = WantedSegment(place: place, chunks: [head])
                    // A group ends with its segment, and in any case before it holds too many names.
                    while group.chunks.count < 4096, let chunk = try await located(next) {
                        guard SegmentPlace(shard: chunk.1.shard, segment: chunk.1.segment) == place else {
                            following = chunk
                            break
                        }
                        group.chunks.append(chunk)
                    }
                    if following == nil, group.chunks.count < 4096 { ended = true }
                    let number = first + groups.count
                    groups.append(group)
                    let segments = segments
                    tasks.addTask {
                        do { return (number, .success(try await segments.segment(place))) } catch {
                            return (number, .failure(error))
                        }
                    }
                }
                guard !groups.isEmpty else { break }
                while arrived[first] == nil, let (number, result) = try await tasks.next() { arrived[number] = result }
                let group = groups.removeFirst()
                let result = arrived.removeValue(forKey: first)
                first += 1
                for (reference, location) in group.chunks {
                    if case .success(let plain)? = result, let piece = checked(reference, location, in: plain) {
                        try await body(reference, piece)
                    } else {
                        try await body(reference, try await piece(reference, location))
                    }
                }
            }
        }
    }

    private func located(
        _ next: () async throws -> ChunkReference?
    ) async throws -> (ChunkReference, ChunkLocation)? {
        guard let reference = try await next() else { return nil }
        return (reference, try await location(of: reference))
    }

    func location(of reference: ChunkReference) async throws -> ChunkLocation {
        if let known = lookup.location(of: reference.name), known.length == reference.length { return known }
        return try await search.location(of: reference.name)
    }

    /// Where the index misleads, its answer is put aside and the shards are asked, for as long as they know another place.
    func piece(_ reference: ChunkReference, _ location: ChunkLocation) async throws -> ArraySlice<UInt8> {
        var place = location
        var bad: Set<ChunkLocation> = []
        while true {
            do {
                return try await piece(reference, at: place)
            } catch let error as HoldfastError where [.corrupt, .notFound].contains(error.code) {
                bad.insert(place)
                guard let other = try? await search.location(of: reference.name, except: bad) else { throw error }
                place = other
            }
        }
    }

    private func piece(_ reference: ChunkReference, at location: ChunkLocation) async throws -> ArraySlice<UInt8> {
        let plain = try await segments.segment(SegmentPlace(shard: location.shard, segment: location.segment))
        guard let piece = checked(reference, location, in: plain) else {
            throw HoldfastError(
                .corrupt,
                "A chunk in segment \(location.segment) of shard \(location.shard) isn't the one that was stored.")
        }
        return piece
    }

    private func checked(
        _ reference: ChunkReference, _ location: ChunkLocation, in plain: [UInt8]
    ) -> ArraySlice<UInt8>? {
        let (start, end) = (Int(location.offset), Int(location.offset) + Int(location.length))
        guard location.length == reference.length, end <= plain.count else { return nil }
        let name = plain.withUnsafeBytes { namer.name(of: UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
        return name == reference.name ? plain[start..<end] : nil
    }
}

extension Optional {
    fileprivate func takeOr(_ other: () async throws -> Wrapped?) async throws -> Wrapped? {
        if let self { return self }
        return try await other()
    }
}
