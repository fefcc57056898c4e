import HoldfastModel
import HoldfastWire

/// Gives back its text, after as many events as asked for.
struct Echo: Message {
    static let name = "echo"
    struct Event: Codable, Sendable { var number: Int }
    struct Reply: Codable, Hashable, Sendable { var text: String }

    var text: String
    var events = 0
}

/// Takes bulk, and replies with how much it was.
struct Count: Message {
    static let name = "count"
    struct Reply: Codable, Hashable, Sendable { var bytes: Int }
}

/// Sends this much bulk.
struct Pour: Message {
    static let name = "pour"
    typealias Reply = Done

    var bytes: Int
}

/// Sends its bulk back as it comes.
struct Mirror: Message {
    static let name = "mirror"
    typealias Reply = Done
}

/// Fails in a way that only another node can mend.
struct Refuse: Message {
    static let name = "refuse"
    typealias Reply = Done
}

/// Never answers by itself.
struct Hang: Message {
    static let name = "hang"
    typealias Reply = Done
}

enum TestHandlers {
    static func make(onHangCancelled: @escaping @Sendable () async -> Void = {}) -> Handlers {
        let known: Set<PeerKind> = [.node, .operator, .coordinator]
        var handlers = Handlers()
        handlers.on(Echo.self, allow: known) { message, context in
            for number in 0..<message.events { try await context.send(.init(number: number)) }
            return .init(text: message.text)
        }
        handlers.on(Count.self, allow: known) { _, context in
            var bytes = 0
            for try await piece in context.bulkIn { bytes += piece.count }
            return .init(bytes: bytes)
        }
        handlers.on(Pour.self, allow: known) { message, context in
            var left = message.bytes
            while left > 0 {
                let count = min(left, 100_000)
                try await context.bulkOut.write([UInt8](repeating: 7, count: count))
                left -= count
            }
            return Done()
        }
        handlers.on(Mirror.self, allow: known) { _, context in
            for try await piece in context.bulkIn { try await context.bulkOut.write(piece) }
            return Done()
        }
        handlers.on(Refuse.self, allow: known) { _, _ in
            throw HoldfastError(.corrupt, "This copy is spoilt.", context: ["object": "abc"])
        }
        handlers.on(Hang.self, allow: known) { _, _ in
            let waiter = Waiter()
            await waiter.wait()
            await onHangCancelled()
            try Task.checkCancellation()
            return Done()
        }
        return handlers
    }
}
