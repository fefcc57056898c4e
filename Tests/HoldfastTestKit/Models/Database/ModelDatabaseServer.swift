package import HoldfastModel
import HoldfastPostgres
import Synchronization

/// A PostgreSQL server as far as Holdfast sees it: databases with OIDs, names and content; sessions, locks and
/// transactions, with what a killed server or a vanished client does to them.
///
/// What is committed is durable. Processes reach it through `ModelDatabaseDriver`.
package final class ModelDatabaseServer: Sendable {
    /// What somebody who connects to a database gets.
    package enum Visit: Hashable, Sendable {
        case content(ModelTables)
        /// Until a transaction that began then is decided.
        case waits(since: Duration)
        case refused(String)
    }

    /// Of the server, in its control file.
    package let system: String
    package let version: String
    let time: any TimeSource
    let state = Mutex(ModelDatabaseState())

    package init(system: String = "7000000000000000001", version: String = "15.18 (model)", time: any TimeSource) {
        (self.system, self.version, self.time) = (system, version, time)
    }

    package var major: Int { Int(version.prefix { $0.isNumber }) ?? 0 }

    /// - Throws: `unavailable` while it is down.
    func access<Result>(_ body: (inout ModelDatabaseState) throws -> Result) throws -> Result {
        try state.withLock { state in
            state.notice(at: time.uptime)
            guard state.isUp else {
                throw HoldfastError(.unavailable, "the connection failed (the model's server is down)")
            }
            return try body(&state)
        }
    }

    // MARK: What happens to servers

    /// Ends the server as `kill -9` does: open transactions are rolled back, and nobody can connect.
    package func kill() {
        state.withLock { state in
            state.notice(at: time.uptime)
            (state.isUp, state.sessions, state.locks) = (false, [:], [:])
        }
    }

    package func start() { state.withLock { $0.isUp = true } }

    package var isUp: Bool { state.withLock { $0.isUp } }

    // MARK: What stands beside Holdfast

    /// Makes a database, as an administrator does. - Returns: its OID.
    /// - Parameter isAlone: the role that uses it may make no other.
    @discardableResult
    package func makeDatabase(
        _ name: String, _ content: ModelTables, properties: [String: String] = [:], isAlone: Bool = false
    ) -> UInt32 {
        state.withLock { state in
            state.make(name, content, locale: ModelDatabase.locale, properties: properties, isAlone: isAlone)
        }
    }

    /// All that are committed, by OID.
    package var databases: [ModelDatabase] {
        state.withLock { state in
            state.notice(at: time.uptime)
            return state.databases.values.sorted { $0.oid < $1.oid }
        }
    }

    /// The committed content under that name, whoever may connect.
    package func content(of name: String) -> ModelTables? { databases.first { $0.name == name }?.content }

    /// The application connects and reads everything.
    package func visit(_ name: String) -> Visit {
        do {
            return try access { state in
                guard let database = state.database(called: name) else {
                    return .refused("there is no database \(name)")
                }
                if let holder = state.transaction(on: database.oid) { return .waits(since: holder.begun) }
                return database.isOpen ? .content(database.content) : .refused("\(name) takes no connections")
            }
        } catch {
            return .refused("\(error)")
        }
    }

    /// The application writes. - Returns: false where it could not connect.
    package func write(to name: String, _ change: (inout ModelTables) -> Void) -> Bool {
        guard case .content = visit(name) else { return false }
        return state.withLock { state in
            guard let oid = state.database(called: name)?.oid, var content = state.databases[oid]?.content else {
                return false
            }
            change(&content)
            state.databases[oid]?.content = content
            return true
        }
    }

    /// How many sessions there are, and transactions among them.
    package var sessions: (all: Int, transactions: Int) {
        state.withLock { state in
            state.notice(at: time.uptime)
            return (state.sessions.count, state.sessions.values.count { $0.hasTransaction })
        }
    }
}
