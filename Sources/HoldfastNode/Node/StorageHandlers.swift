import HoldfastModel
import HoldfastWire

/// The messages that other nodes and the coordinator send to a node's store.
struct StorageHandlers {
    /// Names that one hold may carry.
    private static let nameLimit = 1 << 22

    let store: ObjectStore

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
            var objects: [ObjectName] = []
            for try await record in context.bulkIn.records(of: ObjectName.byteCount) {
                guard objects.count < Self.nameLimit else {
                    throw HoldfastError(.tooLarge, "A hold of more than \(Self.nameLimit) objects")
                }
                objects.append(ObjectName(bytes: record))
            }
            if case .coordinator = context.peer { try await store.learn(layout: message.layout) }
            let outcome = try await store.hold(
                message.backup, project: message.project, objects: objects, until: message.until, layout: message.layout
            )
            for name in outcome.refused { try await context.bulkOut.write(name.bytes) }
            return HoldObjects.Reply(objects: outcome.objects, bytes: outcome.bytes, refused: outcome.refused.count)
        }
    }
}
