/// What a password has to be. Length is what counts; rules about signs only make people write it down.
package enum PasswordRule {
    package static let shortest = 12
    package static let longestBytes = 1024

    /// - Throws: `invalidArgument` that says what is wrong, without the password.
    package static func check(_ password: Secret, of user: Name) throws(HoldfastError) {
        let text = password.revealed
        guard text.count >= shortest else {
            throw HoldfastError(.invalidArgument, "A password has at least \(shortest) characters; this one is shorter")
        }
        guard text.utf8.count <= longestBytes else {
            throw HoldfastError(.invalidArgument, "A password has at most \(longestBytes) bytes; this one has more")
        }
        guard Set(text).count >= 5, text.lowercased() != user.text else {
            throw HoldfastError(.invalidArgument, "This password is too easily guessed: choose another one")
        }
    }

    /// A password of 100 random bits in four groups, easy to read out and to type.
    package static func generate(_ entropy: some Entropy) -> Secret {
        let groups = (0..<4).map { _ in
            Base32.text(of: entropy.bytes(4).reduce(0) { $0 << 8 | UInt64($1) } & 0x1ff_ffff, digits: 5)
        }
        return Secret(groups.joined(separator: "-"))
    }
}
