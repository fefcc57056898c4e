/// What will be read soon, so that its segments are fetched and opened while earlier ones are still worked on. Used from one
/// task; get one from `ArchiveReader.readingAhead`.
package final class ReadAhead {
    /// Segments on their way or waiting to be read. All of them fit the reader's cache.
    static let limit = 5

    private let lookup: any ChunkLookup
    private let open: (SegmentPlace) -> Void
    /// Where reading will go next.
    private var opened: [SegmentPlace] = []
    /// Where it will go after that: from `next` on. Those before it were opened or passed over.
    private var wanted: [SegmentPlace] = []
    private var next = 0
    private var last: SegmentPlace?

    init(lookup: any ChunkLookup, open: @escaping (SegmentPlace) -> Void) {
        self.lookup = lookup
        self.open = open
    }

    /// These will be read, in this order, after what was named before; or passed over. What the index doesn't know is
    /// fetched when it is read.
    package func prefetch(_ chunks: [ChunkReference]) {
        for chunk in chunks {
            guard let location = lookup.location(of: chunk.name) else { continue }
            let place = SegmentPlace(shard: location.shard, segment: location.segment)
            guard place != last else { continue }
            last = place
            wanted.append(place)
        }
        goOn()
    }

    /// Reading is here now.
    func reached(_ place: SegmentPlace) {
        if opened.first == place { return }
        if let index = opened.firstIndex(of: place) {
            opened.removeFirst(index)
        } else if let index = wanted[next...].firstIndex(of: place) {
            // What was between is passed over.
            next = index + 1
            opened = [place]
        } else {
            return
        }
        goOn()
    }

    private func goOn() {
        while opened.count < Self.limit, next < wanted.count {
            opened.append(wanted[next])
            open(wanted[next])
            next += 1
        }
        // Seldom: what is moved up then is not more than what went before.
        guard next > wanted.count / 2 else { return }
        wanted.removeFirst(next)
        next = 0
    }
}

extension ArchiveReader {
    /// Runs `body`, and meanwhile opens the segments of what it will read, in child tasks.
    package func readingAhead<Result>(_ body: (ReadAhead) async throws -> Result) async throws -> Result {
        let segments = segments
        return try await withThrowingTaskGroup(of: Void.self) { group in
            let (places, sender) = AsyncStream.makeStream(of: SegmentPlace.self)
            group.addTask {
                // Those that are done are let go of at once: a restore has as many as segments.
                await withDiscardingTaskGroup { openers in
                    for await place in places {
                        // Whoever reads it gets the error.
                        openers.addTask { _ = try? await segments.segment(place) }
                    }
                    openers.cancelAll()
                }
            }
            defer {
                sender.finish()
                group.cancelAll()
            }
            return try await body(ReadAhead(lookup: lookup) { sender.yield($0) })
        }
    }

    /// Gives one chunk's content, checked, in memory that is valid only during the call.
    package func read(
        _ reference: ChunkReference, ahead: ReadAhead, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) async throws {
        let location = try await location(of: reference)
        ahead.reached(SegmentPlace(shard: location.shard, segment: location.segment))
        try await piece(reference, location).withUnsafeBytes(body)
    }
}
