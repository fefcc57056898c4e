package import HoldfastModel

/// A database whose new content is loaded, in a transaction that is not yet committed.
package final class PostgresReplacement: DatabaseSwap {
    package let warnings: [String]
    package let transaction: UInt64?
    private let server: PostgresServer
    private let item: InPlaceItem
    private(set) var session: PostgresSession?

    init(
        server: PostgresServer, item: InPlaceItem, session: PostgresSession, transaction: UInt64, warnings: [String]
    ) {
        (self.server, self.item, self.session) = (server, item, session)
        (self.transaction, self.warnings) = (transaction, warnings)
    }

    package func keepAlive() async throws { try await open().run("SELECT 1") }

    package func commit() async throws -> SwapSide {
        let session = try open()
        self.session = nil
        do {
            try await session.run("COMMIT")
            // A transaction that had failed is rolled back by COMMIT, without an error.
            return session.lastCommand == "COMMIT" ? .new : .old
        } catch {
            // Whether the server got it is not known: a new session asks, under the lock, so after the old one has ended
            // or, where it lives and COMMIT was refused, has let go of it.
            try? await session.run("SELECT pg_catalog.pg_advisory_unlock_all()")
            return try await server.side(of: item, transaction: transaction)
        }
    }

    package func rollback() async {
        try? await session?.run("ROLLBACK")
        session = nil
    }

    private func open() throws -> PostgresSession {
        guard let session else { throw HoldfastError(.internal, "The replacement has ended") }
        return session
    }
}
