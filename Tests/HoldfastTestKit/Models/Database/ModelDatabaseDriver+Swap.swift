package import HoldfastModel
package import HoldfastPostgres

extension ModelDatabaseDriver {
    /// How long one waits for the lock of a swap that was lost.
    private static let lockPatience = Duration.seconds(90)
    /// Four attempts, each with a lock timeout.
    private static let exchangePatience = Duration.seconds(40)

    package func side(of item: SwapItem, job: JobID) async throws -> SwapSide {
        let session = try await lock(job, item.login)
        defer { close(session, item.login) }
        return try await order(.read, in: session, item.login) { try Self.side(of: item, $0) }
    }

    package func prepareSwap(of items: [SwapItem], job: JobID) async throws -> any DatabaseSwap {
        let swap = ModelDatabaseSwap(driver: self, job: job)
        for items in Self.byServer(items) {
            guard let login = items.first?.login else { continue }
            let session = try await lock(job, login)
            // From here on the swap's end is the session's.
            swap.add(items, session: session, login)
            try await order(.read, in: session, login) { state in
                for item in items where try Self.side(of: item, state) == .new {
                    throw HoldfastError(.conflict, "\(login.address): the swap is already done")
                }
            }
            try await order(
                .exchange, login, patience: Self.exchangePatience, busy: "others use what is needed"
            ) { state -> Void? in
                try state.hear(session, at: time.uptime)
                return try state.exchange(items, job: job, by: session, at: time.uptime) ? () : nil
            }
        }
        return swap
    }

    /// A session that has the job's lock.
    private func lock(_ job: JobID, _ login: DatabaseLogin) async throws -> Int {
        let session = try await order(.connect, login) { $0.open(self.session(login, in: nil)) }
        do {
            try await order(
                .lock, login, patience: Self.lockPatience, busy: "another swap of the job \(job) is still under way"
            ) { state -> Void? in
                try state.hear(session, at: time.uptime)
                return state.lock(job, by: session) ? () : nil
            }
            return session
        } catch {
            close(session, login)
            throw error
        }
    }

    private static func side(of item: SwapItem, _ state: ModelDatabaseState) throws -> SwapSide {
        let found = state.database(called: item.login.address.database)?.oid
        if found == item.live { return .old }
        if found == item.staged { return .new }
        throw HoldfastError(
            .needsAttention,
            """
            \(item.login.address): the name belongs to neither the old database (OID \(item.live)) nor the new one (OID \
            \(item.staged)), so somebody renamed or replaced it
            """)
    }

    /// The items of each server and role, in the order of their OIDs, so that two jobs never wait for each other.
    private static func byServer(_ items: [SwapItem]) -> [[SwapItem]] {
        var groups: [[SwapItem]] = []
        for item in items {
            let login = item.login.at(database: "")
            if let index = groups.firstIndex(where: { $0.first?.login.at(database: "") == login }) {
                groups[index].append(item)
            } else {
                groups.append([item])
            }
        }
        return groups.map { $0.sorted { $0.live < $1.live } }
    }
}
