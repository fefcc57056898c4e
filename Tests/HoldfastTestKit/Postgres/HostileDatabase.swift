import Foundation
import HoldfastModel

/// A database with everything that makes one hard to read, to dump or to load. Its SQL lies in `Tests/HostileDatabase`, one
/// file for each subject.
package enum HostileDatabase {
    /// A name of 63 bytes would be cut by whoever appends to it; quotes, spaces, capitals and a line break need quoting.
    package static func name(_ word: String) -> String {
        let start = "Hostile \"\(word)\" 'db'\n=\\ ü "
        return start + String(repeating: "x", count: 63 - start.utf8.count)
    }

    /// Options of a plain dump of it: without what is deliberately not restored, and without the rows that the hash of an
    /// enumeration's values spreads over partitions, which has other values in every database.
    package static let comparable = ["--no-publications", "--exclude-table-data=public.by_mood*"]

    /// Makes a role of a hostile name that may create databases, and what else the SQL names.
    package static func makeRole(_ name: String, _ attributes: String, on server: ThrowawayPostgres) async throws {
        try await server.sql(
            """
            SELECT pg_advisory_lock(7); -- The other roles are every test's, and several are made at once.
            CREATE ROLE \(quoted(name)) LOGIN \(attributes) PASSWORD 'sesame';
            SELECT format('CREATE ROLE %I', n) FROM unnest(ARRAY['Reader of "all"', 'writer',
                'to the last of its sixty-three bytes this is a name of one role']) n
                WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = n) \\gexec
            """)
    }

    package static func create(
        _ name: String, owner: String, _ more: String = "", on server: ThrowawayPostgres
    ) async throws {
        try await server.sql(
            "CREATE DATABASE \(quoted(name)) TEMPLATE template0 OWNER \(quoted(owner)) \(more)")
    }

    /// Fills an empty database as `owner`; with what only a superuser can make where it is one.
    package static func fill(
        _ database: String, owner: String, asSuperuser: Bool = false, on server: ThrowawayPostgres
    ) async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("HostileDatabase")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let chosen = names.filter { $0.hasSuffix(".sql") && (asSuperuser || !$0.hasSuffix("superuser.sql")) }
        let texts = try chosen.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
        // `SET ROLE` would not do: what the role may not make itself should fail here.
        try await server.sql(
            "SET SESSION AUTHORIZATION \(quoted(owner));\n" + texts.joined(separator: "\n"), in: database)
    }

    package static func quoted(_ name: String) -> String {
        "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
