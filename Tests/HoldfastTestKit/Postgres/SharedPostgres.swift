/// One server for all tests of this process, each with databases and roles of its own names. It ends with the process.
package actor SharedPostgres {
    private static let shared = SharedPostgres()

    private var starting: Task<ThrowawayPostgres, any Error>?

    package static func server() async throws -> ThrowawayPostgres { try await shared.server() }

    private func server() async throws -> ThrowawayPostgres {
        if let starting { return try await starting.value }
        let task = Task { try await ThrowawayPostgres.start() }
        starting = task
        return try await task.value
    }
}
