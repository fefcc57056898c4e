package import HoldfastModel

/// Puts one file or directory of a backup into an environment's media.
package struct FileRestoreRequest: Hashable, Codable, Sendable {
    package var backup: BackupID
    /// From the media's root, escaped.
    package var path: String
    /// Of which media in the backup; nil where there is one.
    package var source: ServiceReference?
    package var destination: EnvironmentReference
    /// Into which media; nil for one that is called as the source is, or the only one.
    package var service: ServiceReference?
    /// Where it goes, from the media's root, escaped; nil for where it was.
    package var place: String?
    /// Whether what is there makes way; it is kept beside.
    package var replaces: Bool
    package var wait: Bool

    package init(
        backup: BackupID, path: String, source: ServiceReference? = nil, destination: EnvironmentReference,
        service: ServiceReference? = nil, place: String? = nil, replaces: Bool = false, wait: Bool = true
    ) {
        self.backup = backup
        self.path = path
        self.source = source
        self.destination = destination
        self.service = service
        self.place = place
        self.replaces = replaces
        self.wait = wait
    }
}
