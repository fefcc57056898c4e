import HoldfastModel

/// What of a dump's contents `pg_restore` applies, what we apply ourselves around it, and what is left out: all known
/// beforehand, so that everything else may stop at the first error.
struct LoadPlan: Equatable {
    /// What the plan needs to know of where the dump goes.
    struct Destination {
        /// Of the role that logs in.
        var isSuperuser: Bool
        /// Whoever owns everything in the new database.
        var owner: String
        var ownerIsSuperuser: Bool
        /// The roles that the owner may act as, itself included.
        var ownerActsAs: Set<String>
        var roles: Set<String>
        var serverMajor: Int
        /// Extensions that are there already, and the schemas that they live in; none in a new database.
        var keptExtensions: Set<String> = []
        var keptSchemas: Set<String> = []
        /// Schemas that are there already, and others'.
        var foreignSchemas: Set<String> = []

        /// Whether an entry is about such a schema itself. Its tag may have the name within quotes.
        func hasForeignSchema(_ entry: DumpEntry) -> Bool {
            foreignSchemas.contains { ["SCHEMA \($0)", "SCHEMA \(SQL.identifier($0))"].contains(entry.tag) }
        }
    }

    /// The numbers of the entries that `pg_restore` applies, in the dump's own order.
    var entries: [Int32] = []
    /// Applied by the role that logs in, before `pg_restore`: extensions, which the owner may have no right to make.
    var before: [String] = []
    /// Applied by the role that logs in, after `pg_restore`.
    var after: [String] = []
    /// Tried after everything else by the role that logs in; what the server refuses is left out.
    var attempts: [Attempt] = []
    /// Lines for people.
    var leftOut: [String] = []

    /// A statement that only some servers take.
    struct Attempt: Equatable {
        var statement: String
        /// What it makes, for people.
        var subject: String
    }

    init(contents: [DumpEntry], destination: Destination) {
        let schemas = Self.extensionSchemas(contents)
        var eventTriggers: [String] = []
        for entry in contents {
            switch entry.kind {
            case "EXTENSION" where destination.keptExtensions.contains(entry.tag): break
            case "SCHEMA" where destination.keptSchemas.contains(entry.tag): break
            case "ACL" where destination.hasForeignSchema(entry), "COMMENT" where destination.hasForeignSchema(entry):
                leave(entry, "the schema is there already and another role's")
            case "EXTENSION": before.append(entry.definition ?? "")
            case "SCHEMA" where schemas.contains(entry.tag):
                before.append(
                    "CREATE SCHEMA \(SQL.identifier(entry.tag)) AUTHORIZATION \(SQL.identifier(destination.owner))")
            case "COMMENT" where entry.tag.hasPrefix("EXTENSION "):
                // The extension belongs to the role that made it, which is the one that logs in.
                attempts.append(Attempt(statement: entry.definition ?? "", subject: Self.subject(entry)))
            case "COMMENT" where entry.tag.hasPrefix("EVENT TRIGGER "):
                if destination.isSuperuser { eventTriggers.append(entry.definition ?? "") }
            case "COMMENT" where entry.tag.hasPrefix("PUBLICATION ") || entry.tag.hasPrefix("SUBSCRIPTION "):
                break
            case "SECURITY LABEL":
                // Whether the server has the label's provider can't be asked.
                attempts.append(Attempt(statement: entry.definition ?? "", subject: Self.subject(entry)))
            case "COMMENT" where entry.tag == "SCHEMA public" && !destination.ownerIsSuperuser:
                // Before PostgreSQL 15 the schema belongs to the server's first superuser.
                if destination.serverMajor >= 15 { entries.append(entry.dumpID) }
            case "EVENT TRIGGER":
                // An event trigger that fires already could refuse what comes after it.
                if destination.isSuperuser {
                    eventTriggers.append(entry.definition ?? "")
                } else {
                    leave(entry, "only a superuser may make it")
                }
            case "PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "SUBSCRIPTION",
                "SUBSCRIPTION TABLE":
                leave(entry, "it ties the database to others; make it anew where it is wanted")
            case "DATABASE", "DATABASE PROPERTIES": break
            case "TABLESPACE": leave(entry, "the destination has its own")
            case "ACL", "DEFAULT ACL": addAccess(entry, destination)
            default: entries.append(entry.dumpID)
            }
        }
        after += eventTriggers
        before.removeAll(where: \.isEmpty)
        after.removeAll(where: \.isEmpty)
        // A schema must be there before the extension in it, whatever their order in the dump.
        before.sort { $0.hasPrefix("CREATE SCHEMA") && !$1.hasPrefix("CREATE SCHEMA") }
    }

    private mutating func addAccess(_ entry: DumpEntry, _ destination: Destination) {
        // Rights on the database itself are the destination's.
        guard !entry.tag.hasPrefix("DATABASE ") else { return }
        let named = AccessStatements.roles(in: entry.definition ?? "")
        let missing = named.grantees.union(named.grantors).subtracting(destination.roles).sorted()
        guard missing.isEmpty else {
            return leave(
                entry, "there is no role \(missing.map { "“\($0.printable())”" }.joined(separator: ", ")) here")
        }
        let foreign = destination.ownerIsSuperuser ? [] : named.grantors.subtracting(destination.ownerActsAs).sorted()
        guard foreign.isEmpty else {
            return leave(entry, "“\(destination.owner)” may not grant for \(foreign.joined(separator: ", "))")
        }
        entries.append(entry.dumpID)
    }

    private mutating func leave(_ entry: DumpEntry, _ reason: String) {
        leftOut.append("\(Self.subject(entry)): \(reason)")
    }

    private static func subject(_ entry: DumpEntry) -> String {
        "\(entry.kind) \(entry.schema.map { "\($0.printable(limit: 63))." } ?? "")\(entry.tag.printable())"
    }

    /// Schemas that extensions live in and the dump makes.
    private static func extensionSchemas(_ contents: [DumpEntry]) -> Set<String> {
        let definitions = contents.filter { $0.kind == "EXTENSION" }.compactMap(\.definition)
        return Set(
            definitions.compactMap { definition in
                let words = SQLWords.words(in: definition)
                return words.lastIndex(of: .bare("SCHEMA")).flatMap {
                    words.indices.contains($0 + 1) ? words[$0 + 1].name : nil
                }
            })
    }

    /// The list that `pg_restore --use-list` reads.
    var list: [UInt8] { Array((entries.map(String.init).joined(separator: "\n") + "\n").utf8) }
}
