import HoldfastModel
import HoldfastPostgres

/// What a `ModelDatabaseServer` holds: its databases, which are durable, and its sessions, which end with it.
struct ModelDatabaseState {
    struct Rename {
        var oid: UInt32
        var to: String
        /// Whose properties it takes over.
        var heir: UInt32?
    }

    struct Session {
        var alive: @Sendable () throws -> Void
        /// Whether the server hears at once when the client is gone: its kernel closes the connection. Else it was the
        /// client's machine that failed.
        var deathShows: Bool
        /// The database it is in; nil for the maintenance database.
        var database: UInt32?
        var lastHeard: Duration
        /// The connection broke, though the client may live.
        var isLost = false
        /// Of its open transaction.
        var renames: [Rename]?
        var replacement: Replacement?
        var begun = Duration.zero
        /// `idle_in_transaction_session_timeout`.
        var longestSilence = ModelDatabaseState.silence
        /// When a COMMIT that was received will be carried out.
        var commitAt: Duration?

        var isGone: Bool { isLost || (try? alive()) == nil }
        var hasTransaction: Bool { renames != nil || replacement != nil }

        func locks(_ oid: UInt32) -> Bool {
            replacement?.oid == oid || renames?.contains { $0.oid == oid } == true
        }
    }

    /// A content that a transaction puts in the place of another.
    struct Replacement {
        var oid: UInt32
        var content = ModelTables()
        /// The transaction's number.
        var number: UInt64
        /// The schema that it makes; nil until all is loaded.
        var mark: String?
    }

    /// Of a transaction that only waits for its COMMIT.
    static let silence = Duration.seconds(60)
    /// Of one that waits for more to load.
    static let stall = Duration.seconds(600)

    var isUp = true
    var databases: [UInt32: ModelDatabase] = [:]
    var sessions: [Int: Session] = [:]
    /// The advisory locks, named by jobs, with the session that holds each.
    var locks: [JobID: Int] = [:]
    private var sessionCount = 0
    private var lastOID: UInt32 = 16383
    private var lastTransaction: UInt64 = 700
    /// Of the replacements, those that were committed.
    private(set) var committed: Set<UInt64> = []

    // MARK: Databases

    mutating func make(
        _ name: String, _ content: ModelTables, locale: DatabaseLocale, properties: [String: String],
        isStaged: Bool = false, isAlone: Bool = false
    ) -> UInt32 {
        lastOID += 1
        databases[lastOID] = ModelDatabase(
            oid: lastOID, name: name, content: content, locale: locale, properties: properties, isOpen: !isStaged,
            isStaged: isStaged, isAlone: isAlone)
        return lastOID
    }

    func database(called name: String) -> ModelDatabase? { databases.values.first { $0.name == name } }

    /// The open transaction that keeps everybody else away from the database.
    func transaction(on oid: UInt32, besides own: Int? = nil) -> Session? {
        sessions.first { $0.key != own && $0.value.locks(oid) }?.value
    }

    // MARK: Sessions

    mutating func open(_ session: Session) -> Int {
        sessionCount += 1
        sessions[sessionCount] = session
        return sessionCount
    }

    /// Says that the client was heard. - Throws: `unavailable` where the server has ended the session.
    mutating func hear(_ number: Int, at now: Duration) throws {
        guard let session = sessions[number], !session.isLost else {
            throw HoldfastError(.unavailable, "the connection failed (the server has ended the session)")
        }
        sessions[number]?.lastHeard = now
    }

    /// Ends a session; what it had begun is rolled back.
    mutating func end(_ number: Int) {
        sessions[number] = nil
        for (job, holder) in locks where holder == number { locks[job] = nil }
    }

    mutating func endSessions(in databases: [UInt32], besides own: Int? = nil) {
        for (number, session) in sessions where number != own {
            if let database = session.database, databases.contains(database) { end(number) }
        }
    }

    /// Carries out what time has brought: late commits, and the end of clients that are gone or silent.
    mutating func notice(at now: Duration) {
        for number in sessions.keys.sorted() {
            guard let session = sessions[number] else { continue }
            if let commitAt = session.commitAt {
                guard commitAt <= now else { continue }
                commit(number)
                end(number)
            } else if session.isGone && session.deathShows
                || now - session.lastHeard >= session.longestSilence && (session.isGone || session.hasTransaction)
            {
                end(number)
            }
        }
    }

    // MARK: Swaps

    /// Takes the job's lock. - Returns: false where another session has it.
    mutating func lock(_ job: JobID, by number: Int) -> Bool {
        guard locks[job] == nil || locks[job] == number else { return false }
        locks[job] = number
        return true
    }

    /// Puts the staged databases' names in the live ones' place, in a transaction of that session.
    /// - Returns: false where another transaction has one of the databases.
    mutating func exchange(_ items: [SwapItem], job: JobID, by number: Int, at now: Duration) throws -> Bool {
        let oids = items.flatMap { [$0.live, $0.staged] }
        guard !oids.contains(where: { transaction(on: $0, besides: number) != nil }) else { return false }
        var renames: [Rename] = []
        for item in items {
            guard let staged = databases[item.staged] else {
                throw HoldfastError(.notFound, "the staged database of OID \(item.staged) is gone; restore again")
            }
            let base = StagingNames.stagedDatabase(job)
            let suffix = staged.name.hasPrefix(base) ? staged.name.dropFirst(base.count) : ""
            let kept = StagingNames.keptDatabase(job) + suffix
            guard database(called: kept) == nil else {
                throw HoldfastError(.alreadyExists, "database \"\(kept)\" already exists")
            }
            renames.append(Rename(oid: item.live, to: kept))
            renames.append(
                Rename(oid: item.staged, to: item.login.address.database, heir: staged.isStaged ? item.live : nil))
        }
        endSessions(in: oids, besides: number)
        sessions[number]?.renames = renames
        sessions[number]?.begun = now
        return true
    }

    mutating func commit(_ number: Int) {
        for rename in sessions[number]?.renames ?? [] {
            databases[rename.oid]?.name = rename.to
            guard let heir = rename.heir else { continue }
            let inherited = databases[heir]?.properties ?? [:]
            databases[rename.oid]?.properties = inherited
            databases[rename.oid]?.isStaged = false
        }
        sessions[number]?.renames = nil
        guard let replacement = sessions[number]?.replacement, let mark = replacement.mark else { return }
        databases[replacement.oid]?.content = replacement.content
        databases[replacement.oid]?.marks.insert(mark)
        committed.insert(replacement.number)
        sessions[number]?.replacement = nil
    }

    // MARK: Replacements

    /// Begins a transaction of that session in which the database is empty, and ends everybody else's sessions in it.
    /// - Returns: false where another transaction has the database.
    mutating func beginReplacing(_ oid: UInt32, by number: Int, at now: Duration) -> Bool {
        guard transaction(on: oid, besides: number) == nil else { return false }
        endSessions(in: [oid], besides: number)
        lastTransaction += 1
        sessions[number]?.replacement = Replacement(oid: oid, number: lastTransaction)
        sessions[number]?.begun = now
        sessions[number]?.longestSilence = Self.stall
        return true
    }

    /// All is loaded, and only COMMIT remains. - Returns: the transaction's number.
    mutating func seal(_ mark: String, by number: Int) -> UInt64? {
        sessions[number]?.replacement?.mark = mark
        sessions[number]?.longestSilence = Self.silence
        return sessions[number]?.replacement?.number
    }
}
