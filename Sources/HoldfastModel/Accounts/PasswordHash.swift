/// What is kept of a password: enough to recognise it, at the price that its cost says.
package struct PasswordHash: Hashable, Codable, Sendable {
    /// `scrypt`; others may come.
    package var algorithm: String
    package var cost: ScryptCost
    /// In hexadecimal digits, like the key.
    package var salt: String
    package var key: String

    package init(algorithm: String = "scrypt", cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.algorithm = algorithm
        self.cost = cost
        self.salt = salt.hexadecimal
        self.key = key.hexadecimal
    }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(password hash)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The price of one scrypt: about `128 * rounds * blockSize` bytes of memory, `parallelism` times over.
package struct ScryptCost: Hashable, Codable, Sendable {
    /// A power of two.
    package var rounds: Int
    package var blockSize: Int
    package var parallelism: Int

    package init(rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 32 MiB, and some tenths of a second of one core.
    package static let usual = ScryptCost(rounds: 1 << 15, blockSize: 8, parallelism: 3)
}
