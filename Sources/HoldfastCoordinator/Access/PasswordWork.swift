import Crypto
import CryptoExtras
import Foundation
package import HoldfastModel
import Synchronization

/// Hashes passwords and compares them: one at a time, in the order of `PasswordQueue`.
package actor PasswordWork {
    package typealias Asker = PasswordQueue.Asker

    private static let keyBytes = 32
    private static let saltBytes = 16

    private struct Waiting {
        var queue: PasswordQueue
        /// Of those whose turn has not come.
        var continuations: [UInt64: CheckedContinuation<Turn, Never>] = [:]
        var count: UInt64 = 0

        /// Who is to be woken now.
        mutating func next() -> CheckedContinuation<Turn, Never>? {
            queue.next().flatMap { continuations.removeValue(forKey: $0) }
        }
    }

    private enum Turn {
        case come, refused, cancelled
    }

    private let cost: ScryptCost
    private let entropy: any Entropy
    /// What is compared with where there is no password, so that it takes as long.
    private let nobody: PasswordHash
    private nonisolated let waiting: Mutex<Waiting>

    package init(cost: ScryptCost, limits: PasswordQueue.Limits, entropy: any Entropy) {
        self.cost = cost
        waiting = Mutex(Waiting(queue: PasswordQueue(limits)))
        self.entropy = entropy
        nobody = PasswordHash(
            cost: cost, salt: [UInt8](repeating: 0, count: Self.saltBytes),
            key: [UInt8](repeating: 0, count: Self.keyBytes))
    }

    /// - Throws: `busy` while too many wait.
    package nonisolated func hash(_ password: Secret, for asker: Asker) async throws -> PasswordHash {
        try await queued(asker) { try await self.makeHash(password) }
    }

    /// Takes as long whether there is a hash or not.
    ///
    /// - Throws: `busy` while too many wait.
    package nonisolated func isRight(_ password: Secret, for hash: PasswordHash?, asker: Asker) async throws -> Bool {
        try await queued(asker) { try await self.compare(password, hash) }
    }

    /// Whether it was made at another price than is asked now, and has to be made anew.
    package nonisolated func isOutdated(_ hash: PasswordHash) -> Bool { hash.cost != cost }

    private nonisolated func queued<Value: Sendable>(
        _ asker: Asker, _ work: () async throws -> Value
    ) async throws -> Value {
        let number = waiting.withLock { waiting in
            waiting.count += 1
            return waiting.count
        }
        switch await turn(number, asker) {
        case .come: break
        case .cancelled: throw CancellationError()
        case .refused:
            throw HoldfastError(
                .busy, "Too many people sign in at once: try again in a minute", context: ["retryAfterSeconds": "60"])
        }
        defer { leave(number) }
        return try await work()
    }

    private nonisolated func turn(_ number: UInt64, _ asker: Asker) async -> Turn {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let woken: (CheckedContinuation<Turn, Never>, Turn)? = waiting.withLock { waiting in
                    if Task.isCancelled { return (continuation, .cancelled) }
                    guard waiting.queue.enter(number, asker) else { return (continuation, .refused) }
                    waiting.continuations[number] = continuation
                    return waiting.next().map { ($0, .come) }
                }
                if let (continuation, turn) = woken { continuation.resume(returning: turn) }
            }
        } onCancel: {
            let continuation = waiting.withLock { waiting in
                let continuation = waiting.continuations.removeValue(forKey: number)
                // One whose turn has come leaves when its work is done.
                if continuation != nil { waiting.queue.leave(number) }
                return continuation
            }
            continuation?.resume(returning: .cancelled)
        }
    }

    private nonisolated func leave(_ number: UInt64) {
        let next = waiting.withLock { waiting in
            waiting.queue.leave(number)
            return waiting.next()
        }
        next?.resume(returning: .come)
    }

    private func makeHash(_ password: Secret) throws -> PasswordHash {
        let salt = entropy.bytes(Self.saltBytes)
        return PasswordHash(cost: cost, salt: salt, key: try Self.derive(password, salt, cost))
    }

    private func compare(_ password: Secret, _ hash: PasswordHash?) throws -> Bool {
        // None is that long; composing it would take the square of its length.
        guard password.revealed.utf8.count <= PasswordRule.longestBytes else { return false }
        let known = hash ?? nobody
        guard known.algorithm == "scrypt", let salt = [UInt8](hexadecimal: known.salt),
            let key = [UInt8](hexadecimal: known.key)
        else { throw HoldfastError(.unsupported, "A password was hashed by a later Holdfast: run that version") }
        return SecretDigest.areEqual(try Self.derive(password, salt, known.cost), key) && hash != nil
    }

    /// Of the text in its composed form: keyboards differ in how they write the same letters.
    private static func derive(_ password: Secret, _ salt: [UInt8], _ cost: ScryptCost) throws -> [UInt8] {
        let text = Array(password.revealed.precomposedStringWithCanonicalMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: text, salt: salt, outputByteCount: keyBytes, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        return key.withUnsafeBytes { Array($0) }
    }
}
