package import HoldfastModel

package struct BackupCreate: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    /// Empty means all of the environment's.
    package var services: [ServiceSelector]
    package var note: String?
    /// Distrust what says that a file is unchanged since the last backup, and read it.
    package var fullRead: Bool
    /// Follow the job and end with its result; otherwise answer as soon as it is accepted.
    package var wait: Bool

    package init(
        environment: EnvironmentReference, services: [ServiceSelector] = [], note: String? = nil,
        fullRead: Bool = false, wait: Bool = true
    ) {
        self.environment = environment
        self.services = services
        self.note = note
        self.fullRead = fullRead
        self.wait = wait
    }
}
