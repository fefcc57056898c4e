import Foundation
import HoldfastArchive
import HoldfastModel
import HoldfastPostgres

/// The database's own facts, as a manifest keeps them: whole, under one key.
enum RecordedFacts {
    private static let key = "facts"

    static func recorded(_ facts: HoldfastPostgres.DatabaseFacts) throws -> HoldfastArchive.DatabaseFacts {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(facts), as: UTF8.self)
        return HoldfastArchive.DatabaseFacts(
            serverVersion: facts.serverVersion, settings: [key: text], roles: facts.roles)
    }

    /// - Throws: `unsupported` where the manifest holds none that this program can read.
    static func read(_ recorded: HoldfastArchive.DatabaseFacts?) throws -> HoldfastPostgres.DatabaseFacts {
        guard let text = recorded?.settings[key],
            let facts = try? JSONDecoder().decode(HoldfastPostgres.DatabaseFacts.self, from: Data(text.utf8))
        else {
            throw HoldfastError(
                .unsupported,
                "The backup does not say with which encoding its database was made, or says it in a later way")
        }
        return facts
    }
}
