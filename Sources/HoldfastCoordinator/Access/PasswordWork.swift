import Crypto
import CryptoExtras
import Foundation
package import HoldfastModel
import Synchronization

/// Hashes passwords and compares them: one at a time, because each takes much memory and time on purpose.
package actor PasswordWork {
    private static let keyBytes = 32
    private static let saltBytes = 16
    /// How many may wait their turn.
    private static let queueLimit = 16

    private let cost: ScryptCost
    private let entropy: any Entropy
    /// What is compared with where there is no password, so that it takes as long.
    private let nobody: PasswordHash
    private nonisolated let waiting = Mutex(0)

    package init(cost: ScryptCost, entropy: any Entropy) {
        self.cost = cost
        self.entropy = entropy
        nobody = PasswordHash(
            cost: cost, salt: [UInt8](repeating: 0, count: Self.saltBytes),
            key: [UInt8](repeating: 0, count: Self.keyBytes))
    }

    /// - Throws: `busy` while too many wait.
    package nonisolated func hash(_ password: Secret) async throws -> PasswordHash {
        try await queued { try await self.makeHash(password) }
    }

    /// Takes as long whether there is a hash or not.
    ///
    /// - Throws: `busy` while too many wait.
    package nonisolated func isRight(_ password: Secret, for hash: PasswordHash?) async throws -> Bool {
        try await queued { try await self.compare(password, hash) }
    }

    /// Whether it was made at another price than is asked now, and has to be made anew.
    package nonisolated func isOutdated(_ hash: PasswordHash) -> Bool { hash.cost != cost }

    private nonisolated func queued<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        let isRoom = waiting.withLock { waiting in
            guard waiting < Self.queueLimit else { return false }
            waiting += 1
            return true
        }
        guard isRoom else {
            throw HoldfastError(
                .busy, "Too many people sign in at once: try again in a minute", context: ["retryAfterSeconds": "60"])
        }
        defer { waiting.withLock { $0 -= 1 } }
        return try await work()
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
