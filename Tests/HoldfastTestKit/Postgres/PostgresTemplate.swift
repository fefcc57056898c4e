import Glibc
import HoldfastModel

/// A fresh cluster, made by `initdb` once in this process.
actor PostgresTemplate {
    static let shared = PostgresTemplate()

    private var making: Task<String, any Error>?

    /// Copies the cluster to a path that doesn't exist.
    func copy(to path: String) async throws {
        let template = try await directory()
        try await ThrowawayPostgres.tool(["cp", "-a", template, path])
    }

    private func directory() async throws -> String {
        if let making { return try await making.value }
        let task = Task { try await Self.make() }
        making = task
        return try await task.value
    }

    private static func make() async throws -> String {
        let directory = try ThrowawayPostgres.makeDirectory()
        removeAtExit(directory)
        // Every login needs its password, so that a wrong one is refused.
        let password = "\(directory)/password"
        guard let file = fopen(password, "w") else { throw HoldfastError(.inputOutput, "Can't write \(password)") }
        fputs(ThrowawayPostgres.superuserPassword, file)
        fclose(file)
        chmod(password, 0o644)
        try await ThrowawayPostgres.tool([
            "\(ThrowawayPostgres.binaries)/initdb", "-D", "\(directory)/data", "-U", ThrowawayPostgres.superuser,
            "-A", "scram-sha-256", "--pwfile=\(password)", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        ])
        return "\(directory)/data"
    }

    private static func removeAtExit(_ directory: String) {
        // One template a process, so one place to remember it.
        PostgresTemplateRemoval.directory = strdup(directory)
        atexit {
            guard let directory = PostgresTemplateRemoval.directory else { return }
            system("rm -rf \(String(cString: directory))")
        }
    }
}

/// Written once, before the handler that reads it is installed.
private enum PostgresTemplateRemoval {
    nonisolated(unsafe) static var directory: UnsafeMutablePointer<CChar>?
}
