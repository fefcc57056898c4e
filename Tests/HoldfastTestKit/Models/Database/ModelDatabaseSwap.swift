package import HoldfastModel
import HoldfastPostgres

/// A swap under way on models: on each server one session with the job's lock and an open transaction.
package final class ModelDatabaseSwap: DatabaseSwap {
    private struct Group {
        var items: [SwapItem]
        var session: Int
        var login: DatabaseLogin
    }

    package let warnings: [String] = []
    private let driver: ModelDatabaseDriver
    private let job: JobID
    private var groups: [Group] = []

    init(driver: ModelDatabaseDriver, job: JobID) { (self.driver, self.job) = (driver, job) }

    deinit {
        for group in groups { driver.close(group.session, group.login) }
    }

    func add(_ items: [SwapItem], session: Int, _ login: DatabaseLogin) {
        groups.append(Group(items: items, session: session, login: login))
    }

    package func keepAlive() async throws {
        for group in groups { try await driver.order(.keepAlive, in: group.session, group.login) { _ in } }
    }

    package func commit() async throws -> SwapSide {
        var sides: Set<SwapSide> = []
        var failure: HoldfastError?
        while let group = groups.first, sides != [.old] {
            do {
                sides.insert(try await commit(group))
            } catch {
                failure = HoldfastError(error)
            }
            driver.close(group.session, group.login)
            groups.removeFirst()
            if failure != nil { break }
        }
        for group in groups { driver.close(group.session, group.login) }
        groups.removeAll()
        guard failure == nil, sides.count == 1, let side = sides.first else {
            throw failure
                ?? HoldfastError(
                    .unavailable, "The swap is decided and not yet done on every server; it has to be repeated")
        }
        return side
    }

    package func rollback() async {
        for group in groups {
            try? await driver.order(.rollback, in: group.session, group.login) { _ in }
            driver.close(group.session, group.login)
        }
        groups.removeAll()
    }

    private func commit(_ group: Group) async throws -> SwapSide {
        do {
            try await driver.order(.commit, in: group.session, group.login) { $0.commit(group.session) }
            return .new
        } catch {
            // Whether the server got it is not known: a new session asks, under the lock, so after the old one has ended.
            driver.lose(group.session, group.login, late: (error as? LateCommit)?.delay)
            guard let item = group.items.first else { throw error }
            return try await driver.side(of: item, job: job)
        }
    }
}
