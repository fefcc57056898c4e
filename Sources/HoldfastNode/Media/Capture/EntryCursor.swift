import HoldfastArchive
import HoldfastModel

/// Reads a source of entries alongside a walk.
final class EntryCursor {
    private let source: (any EntrySource)?
    private var head: MediaEntry?
    private var hasStarted = false

    init(_ source: (any EntrySource)?) { self.source = source }

    /// Passes over what stands before `path`; over all that is left if nil.
    func skip(before path: [UInt8]?, passing: (MediaEntry) async throws -> Void = { _ in }) async throws {
        try await start()
        while let entry = head, path.map({ MediaOrder.precedes(entry.path, $0) }) ?? true {
            try await step()
            try await passing(entry)
        }
    }

    /// The entries of exactly this path: an earlier and a later one at most.
    func take(at path: [UInt8]) async throws -> [MediaEntry] {
        var entries: [MediaEntry] = []
        while let entry = head, entry.path == path {
            entries.append(entry)
            try await step()
        }
        return entries
    }

    private func start() async throws {
        if hasStarted { return }
        hasStarted = true
        head = try await source?.next()
    }

    private func step() async throws {
        let previous = head
        head = try await source?.next()
        // Merging rests on the order: entries out of order would silently count as vanished.
        if let previous, let head, MediaOrder.precedes(head.path, previous.path) {
            throw HoldfastError(
                .corrupt, "The entries of a manifest are not in order at '\(String.printable(bytes: head.path))'.")
        }
    }
}
