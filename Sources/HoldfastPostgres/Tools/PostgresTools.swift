import Glibc
import HoldfastModel

/// Where `pg_dump` and `pg_restore` are: one directory for each major version, as Debian has them.
package struct PostgresTools: Sendable {
    /// Searched first. Each is searched itself and as `DIRECTORY/<major>/bin`.
    package var directories: [String]
    /// The value of PATH, searched last.
    package var searchPath: String

    package init(directories: [String] = [], searchPath: String = "/usr/local/bin:/usr/bin:/bin") {
        self.directories = directories
        self.searchPath = searchPath
    }

    /// The directory with the tools of exactly that major version: an older one can't read the server, and a newer one
    /// writes what the server can't read back.
    /// - Throws: `unsupported`, naming what to install.
    func directory(for major: Int) async throws -> String {
        var found: Set<Int> = []
        for directory in candidates(for: major)
        where isExecutable(directory, "pg_dump") && isExecutable(directory, "pg_restore") {
            guard let version = try await ToolRun.version(of: "pg_dump", in: directory) else { continue }
            if version == major { return directory }
            found.insert(version)
        }
        let others = found.sorted().map(String.init).joined(separator: ", ")
        throw HoldfastError(
            .unsupported,
            """
            The server is PostgreSQL \(major), and the node has no pg_dump and pg_restore of that version\
            \(others.isEmpty ? "" : " (it has \(others))"): install the Debian package postgresql-client-\(major) on it, \
            from apt.postgresql.org if need be, or name the tools' directory in the node's configuration
            """)
    }

    private func candidates(for major: Int) -> [String] {
        let ours = directories.flatMap { [$0, "\($0)/\(major)/bin"] }
        return ours + ["/usr/lib/postgresql/\(major)/bin", "/usr/pgsql-\(major)/bin"]
            + searchPath.split(separator: ":").map(String.init)
    }

    private func isExecutable(_ directory: String, _ tool: String) -> Bool { access("\(directory)/\(tool)", X_OK) == 0 }
}
