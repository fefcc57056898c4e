package import HoldfastModel
import HoldfastPostgres

/// A replacement under way on a model: a session with the job's lock and an open transaction.
package final class ModelDatabaseReplacement: DatabaseSwap {
    package let warnings: [String] = []
    package internal(set) var transaction: UInt64?
    private let driver: ModelDatabaseDriver
    private let item: InPlaceItem
    private var session: Int?

    init(driver: ModelDatabaseDriver, item: InPlaceItem, session: Int) {
        (self.driver, self.item, self.session) = (driver, item, session)
    }

    deinit { if let session { driver.close(session, item.login) } }

    package func keepAlive() async throws { try await driver.order(.keepAlive, in: open(), item.login) { _ in } }

    package func commit() async throws -> SwapSide {
        let session = try open()
        self.session = nil
        do {
            try await driver.order(.commit, in: session, item.login) { $0.commit(session) }
            driver.close(session, item.login)
            return .new
        } catch {
            // Whether the server got it is not known: a new session asks, under the lock, so after the old one has ended.
            driver.lose(session, item.login, late: (error as? LateCommit)?.delay)
            return try await driver.side(of: item, transaction: transaction)
        }
    }

    package func rollback() async {
        guard let session else { return }
        try? await driver.order(.rollback, in: session, item.login) { _ in }
        driver.close(session, item.login)
        self.session = nil
    }

    private func open() throws -> Int {
        guard let session else { throw HoldfastError(.internal, "The replacement has ended") }
        return session
    }
}
