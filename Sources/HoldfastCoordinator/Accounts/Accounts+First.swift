import HoldfastCatalog
package import HoldfastModel

/// Who is made with a cluster, with all that is needed to get in; shown once.
package struct FirstAdministrator: Sendable {
    package var name: Name
    package var password: Secret
    /// For `holdfast` on the same machine.
    package var token: Secret
}

extension Accounts {
    /// Makes the administrator, or gives one that is there a new password: whoever runs this has the cluster's own files.
    package func makeFirstAdministrator(_ name: Name) async throws -> FirstAdministrator {
        let password = PasswordRule.generate(office.entropy)
        let hash = try await office.passwords.hash(password, for: .known("first"))
        return try await office.audited("user create \(name) administrator", by: "holdfast", from: .local) {
            let stored = try await office.catalog.get(User.self, name)
            var user =
                stored?.value
                ?? User(id: office.identifier(), name: name, createdAt: office.now, author: "holdfast")
            user.isAdministrator = true
            user.disabledAt = nil
            user.set(hash)
            var changes = try await endings(of: user, tokens: false)
            if let stored { try changes.put(user, over: stored) } else { try changes.insert(user) }
            let token = try AccessTokens(office: office).make(
                for: user, label: "client.json", isRecovery: true, &changes
            ).token
            try await office.ledger.commit(changes)
            return FirstAdministrator(name: name, password: password, token: token)
        }
    }
}
