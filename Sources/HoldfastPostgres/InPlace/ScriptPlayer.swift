import HoldfastModel

/// Sends what `pg_restore` writes to one session, within the transaction that the session is in.
struct ScriptPlayer {
    /// Nil only rehearses: everything is read, and nothing sent.
    let session: PostgresSession?
    /// Said again where the script gives up the role it acts in.
    let assumeRole: String?
    private var reader = ScriptReader()

    init(session: PostgresSession?, assumeRole: String?) { (self.session, self.assumeRole) = (session, assumeRole) }

    mutating func play(_ bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while let part = try reader.next(&rest) { try await play(part) }
    }

    func finish() throws { try reader.finish() }

    private func play(_ part: ScriptPart) async throws {
        switch part {
        case .statement(let statement):
            guard try Self.isOurs(statement) else { return }
            try await session?.run(statement.text)
            if let assumeRole, statement.words.dropFirst().starts(with: ["session", "authorization"]) {
                try await session?.run(assumeRole)
            }
        case .copy(let statement): try await session?.beginCopy(statement.text)
        case .data(let bytes): try await session?.copy(bytes)
        case .dataEnd: try await session?.endCopy()
        case .metaCommand(let line):
            // What newer tools put around their output, for psql alone.
            let word = line.prefix { $0.isLetter }
            guard word == "restrict" || word == "unrestrict" else {
                throw ScriptReader.malformed("it has a meta-command, \\\(line.printable(limit: 80))")
            }
        }
    }

    /// - Returns: false for what the tool says of sessions of its own.
    /// - Throws: where a statement would end the transaction.
    private static func isOurs(_ statement: ScriptStatement) throws -> Bool {
        switch statement.words.first {
        case "begin" where statement.words.count == 1, "commit" where statement.words.count == 1: return false
        case "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare":
            throw ScriptReader.malformed(
                "it has a statement on transactions, \(String(decoding: statement.text, as: UTF8.self).printable(limit: 80))"
            )
        case "set": return !ours.contains(statement.words.dropFirst().first ?? "")
        default: return true
        }
    }

    /// Settings by which a session of ours ends itself, or says less.
    private static let ours: Set = [
        "lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout", "transaction_timeout",
        "client_min_messages",
    ]
}
