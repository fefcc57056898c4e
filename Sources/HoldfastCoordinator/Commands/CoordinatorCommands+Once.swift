import Foundation
import HoldfastArchive
import HoldfastCatalog
package import HoldfastCommands
package import HoldfastModel
import Synchronization

/// The keys under which commands are at work now.
final class Repeats: Sendable {
    private let names = Mutex<Set<String>>([])

    func enter(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }
    func leave(_ name: String) { _ = names.withLock { $0.remove(name) } }
}

extension CoordinatorCommands {
    package func perform(
        _ command: Command, as principal: Principal, from origin: Origin, once key: String
    ) async throws -> (result: CommandResult, isRepeated: Bool) {
        guard (1...Self.keyLimit).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21..<0x7f).contains($0) }) else {
            throw HoldfastError(
                .invalidArgument, "A key has 1 to \(Self.keyLimit) printable ASCII characters, no blanks")
        }
        let answer = try answer(to: command, principal, key)
        guard repeats.enter(answer.name) else {
            throw HoldfastError(.conflict, "The first request with this key is still at work: ask again in a moment")
        }
        defer { repeats.leave(answer.name) }
        if let stored = try await office.catalog.get(StoredAnswer.self, answer.name),
            !stored.value.isOver(at: office.clock.now)
        {
            // What was allowed then need not be now.
            try await Authorizer(catalog: office.catalog).authorize(command, principal)
            guard stored.value.fingerprint == answer.fingerprint else {
                throw HoldfastError(.checkFailed, "This key was used for another request: take a new one for each")
            }
            return (try result(stored.value), true)
        }
        let result = try await StoredAnswer.$current.withValue(answer) {
            try await perform(command, as: principal, from: origin) { _ in }
        }
        await keep(result, of: answer)
        return (result, false)
    }

    private func answer(to command: Command, _ principal: Principal, _ key: String) throws -> StoredAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Keyed, because a command may hold a password.
        let print = office.clusterKey.code(for: [UInt8](try encoder.encode(command)), purpose: "answer-fingerprint")
        return StoredAnswer(
            name: SecretDigest.of(Secret("\(principal.user?.text ?? principal.name)\n\(key)")),
            fingerprint: print.hexadecimal, at: office.clock.now)
    }

    private func result(_ stored: StoredAnswer) throws -> CommandResult {
        if let sealed = stored.result {
            let text = try office.clusterKey.open(sealed, purpose: StoredAnswer.purpose(stored.name)).revealed
            return try JSONDecoder().decode(CommandResult.self, from: Data(text.utf8))
        }
        if let job = stored.job { return .accepted(Accepted(job: job)) }
        throw HoldfastError(
            .conflict,
            "This was done, but its answer was lost with a coordinator: look at what is there, or at the audit")
    }

    /// Without it whoever asks again is told of the job, or that it was done.
    private func keep(_ result: CommandResult, of answer: StoredAnswer) async {
        do {
            guard let stored = try await office.catalog.get(StoredAnswer.self, answer.name) else { return }
            let text = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
            var kept = stored.value
            kept.result = try office.clusterKey.seal(
                Secret(text), purpose: StoredAnswer.purpose(answer.name), entropy: office.entropy)
            var changes = Changes()
            try changes.put(kept, over: stored)
            try await office.ledger.commit(changes)
        } catch {
            office.logger.warning("An answer could not be kept: \(HoldfastError(error))")
        }
    }
}
