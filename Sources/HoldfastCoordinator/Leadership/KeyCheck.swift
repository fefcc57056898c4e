import HoldfastArchive
import HoldfastCatalog
import HoldfastModel

/// Notices a cluster key that is not this catalog's, before anything is sealed with it. What it looks at is sealed anew when
/// everything else was, after the key was rotated.
struct KeyCheck {
    static let purpose = "key-check"
    private static let text = Secret("This is the cluster's key.")

    let ledger: Ledger
    let clusterKey: ClusterKey
    let entropy: any Entropy

    /// - Throws: `checkFailed` for a key that does not open what the catalog's own key sealed.
    func run() async throws {
        if let stored = try await ledger.catalog.get(Setting<SealedSecret>.self, .keyCheck) {
            return try require { try clusterKey.open(stored.value.value, purpose: Self.purpose) == Self.text }
        }
        var changes = Changes()
        try changes.insert(
            Setting(.keyCheck, clusterKey.seal(Self.text, purpose: Self.purpose, entropy: entropy)))
        try await ledger.commit(changes)
    }

    private func require(_ opens: () throws -> Bool) throws {
        guard (try? opens()) == true else {
            throw HoldfastError(
                .checkFailed,
                "The cluster key is not the one of this catalog: put back the cluster.key that belongs to it")
        }
    }
}
