import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// The messages that other nodes and the coordinator send to a node's store.
struct StorageHandlers {
    /// Names that one message may carry.
    private static let nameLimit = 1 << 22
    private static let listByteLimit = 32 * (nameLimit + 16)

    let store: ObjectStore
    let scrubber: Scrubber

    func register(in handlers: inout Handlers) {
        let store = store
        handlers.on(PutObject.self, allow: [.node]) { message, context in
            let bulk = context.bulkIn
            try await store.put(
                message.kind, message.object, project: message.project, layout: message.layout,
                byteCount: message.byteCount
            ) { try await bulk.next() }
            return Done()
        }
        handlers.on(GetObject.self, allow: [.node, .coordinator]) { message, context in
            let bulk = context.bulkOut
            let size = try await store.get(
                message.kind, message.object, offset: message.offset, length: message.length
            ) { try await bulk.write($0) }
            return GetObject.Reply(byteCount: size)
        }
        handlers.on(HoldObjects.self, allow: [.node, .coordinator]) { message, context in
            let objects = try await Self.names(from: context.bulkIn)
            if case .coordinator = context.peer { try await store.learn(layout: message.layout) }
            let outcome = try await store.hold(
                message.backup, project: message.project, objects: objects, until: message.until,
                lockedUntil: message.lockedUntil, layout: message.layout)
            for name in outcome.refused { try await context.bulkOut.write(name.bytes) }
            return HoldObjects.Reply(objects: outcome.objects, bytes: outcome.bytes, refused: outcome.refused.count)
        }
        registerCollection(in: &handlers)
        registerReplacing(in: &handlers)
        registerRepair(in: &handlers)
    }

    private func registerCollection(in handlers: inout Handlers) {
        let store = store
        handlers.on(MeasureObjects.self, allow: [.coordinator]) { message, _ in
            let (objects, bytes) = await store.measure(message.project)
            return MeasureObjects.Reply(objects: objects, bytes: bytes)
        }
        handlers.on(SurveyObjects.self, allow: [.node, .coordinator]) { message, context in
            let survey = try await store.survey(message.subjects, of: message.project)
            try await Self.send(survey.bytes, to: context.bulkOut)
            return SurveyObjects.Reply(counts: survey.counts)
        }
        handlers.on(BuryBackups.self, allow: [.coordinator]) { message, context in
            var tombstones: [[UInt8]] = []
            for try await record in context.bulkIn.records(of: Tombstone.byteCount) { tombstones.append(record) }
            try await store.bury(tombstones, of: message.project, by: message.order)
            return Done()
        }
        handlers.on(CondemnShards.self, allow: [.coordinator]) { message, context in
            let shards = Set(try await Self.names(from: context.bulkIn))
            let (condemned, held) = try await store.condemn(shards, of: message.project, by: message.order)
            try await Self.send(held.flatMap(\.bytes), to: context.bulkOut)
            return CondemnShards.Reply(condemned: condemned)
        }
        handlers.on(SpareShards.self, allow: [.coordinator]) { message, context in
            let shards = Set(try await Self.names(from: context.bulkIn))
            try await store.spare(shards, of: message.project, by: message.order)
            return Done()
        }
        handlers.on(DeleteObjects.self, allow: [.coordinator]) { message, context in
            let shards = Set(try await Self.names(from: context.bulkIn))
            let deletion = try await store.delete(shards, of: message.project, by: message.order, at: message.now)
            return DeleteObjects.Reply(objects: deletion.objects, bytes: deletion.bytes, held: deletion.held)
        }
    }

    private func registerReplacing(in handlers: inout Handlers) {
        let store = store
        handlers.on(ReleaseObjects.self, allow: [.coordinator]) { message, context in
            let objects = Set(try await Self.names(from: context.bulkIn))
            try await store.release(objects, from: message.backup, of: message.project, by: message.order)
            return Done()
        }
        handlers.on(ReplaceList.self, allow: [.coordinator]) { message, context in
            let list = try await context.bulkIn.collect(upTo: Self.listByteLimit)
            try await store.replace(
                message.superseded, by: list, of: message.project, order: message.order, at: message.now)
            return Done()
        }
    }

    private func registerRepair(in handlers: inout Handlers) {
        let (store, scrubber) = (store, scrubber)
        handlers.on(ExamineObjects.self, allow: [.node, .coordinator]) { message, context in
            let objects = try await Self.references(from: context.bulkIn)
            let bad = try await store.examine(objects)
            try await Self.send(bad.flatMap(\.bytes), to: context.bulkOut)
            return ExamineObjects.Reply(objects: objects.count - bad.count)
        }
        handlers.on(DropObjects.self, allow: [.coordinator]) { message, context in
            let objects = Set(try await Self.references(from: context.bulkIn))
            let dropping = try await store.drop(objects, of: message.project, by: message.order, at: message.now)
            return DropObjects.Reply(objects: dropping.objects, bytes: dropping.bytes, kept: dropping.kept)
        }
        handlers.on(StartScrub.self, allow: [.coordinator]) { message, _ in
            try await store.obey(message.order)
            try await scrubber.hurry()
            return Done()
        }
    }

    static func references(from bulk: BulkReader) async throws -> [ObjectReference] {
        var objects: [ObjectReference] = []
        for try await record in bulk.records(of: ObjectReference.byteCount) {
            guard objects.count < nameLimit else {
                throw HoldfastError(.tooLarge, "A list of more than \(nameLimit) objects")
            }
            objects.append(try ObjectReference(bytes: record))
        }
        return objects
    }

    static func names(from bulk: BulkReader) async throws -> [ObjectName] {
        var names: [ObjectName] = []
        for try await record in bulk.records(of: ObjectName.byteCount) {
            guard names.count < nameLimit else {
                throw HoldfastError(.tooLarge, "A list of more than \(nameLimit) objects")
            }
            names.append(ObjectName(bytes: record))
        }
        return names
    }

    static func send(_ bytes: [UInt8], to bulk: BulkWriter) async throws {
        for start in stride(from: 0, to: bytes.count, by: 256 << 10) {
            try await bulk.write(bytes[start..<min(start + 256 << 10, bytes.count)])
        }
    }
}
