package import HoldfastModel

/// Commands that this node runs around backups, because its own configuration says so.
package struct BackupHook: Hashable, Sendable {
    package enum Failure: String, Codable, Hashable, Sendable {
        /// The backup fails where the command before it does.
        case fail
        /// It is taken nonetheless, with a warning.
        case warn
    }

    /// For journals and messages.
    package var name: Name
    /// The backups it is for; empty is all that this node takes.
    package var scopes: [Scope]
    /// Programs by their absolute paths, with their arguments; no shell is involved.
    package var before: [String]?
    package var after: [String]?
    /// How long each may take before it is killed.
    package var timeout: Duration
    package var onFailure: Failure

    package enum Scope: Hashable, Sendable {
        case project(Name)
        case environment(EnvironmentReference)
    }

    package init(
        name: Name, scopes: [Scope] = [], before: [String]? = nil, after: [String]? = nil,
        timeout: Duration = .seconds(300), onFailure: Failure = .fail
    ) {
        self.name = name
        self.scopes = scopes
        self.before = before
        self.after = after
        self.timeout = timeout
        self.onFailure = onFailure
    }

    func isFor(_ environment: EnvironmentReference) -> Bool {
        scopes.isEmpty || scopes.contains(.project(environment.project)) || scopes.contains(.environment(environment))
    }
}
