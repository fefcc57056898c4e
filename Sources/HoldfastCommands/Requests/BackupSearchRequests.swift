package import HoldfastModel

/// In which backups of a project or environment a path is, the newest first, page by page.
package struct BackupFind: Hashable, Codable, Sendable {
    package static let limitRange = 1...1000

    package var project: Name
    /// Only of this one.
    package var environment: Name?
    /// As `PathPattern` reads it.
    package var pattern: String
    /// Only in this service; nil for all media.
    package var source: ServiceReference?
    /// `next` of the page before; nil for the first page.
    package var from: String?
    /// How many paths a page has, of all backups together.
    package var limit: Int

    package init(
        project: Name, environment: Name? = nil, pattern: String, source: ServiceReference? = nil,
        from: String? = nil, limit: Int = 100
    ) {
        self.project = project
        self.environment = environment
        self.pattern = pattern
        self.source = source
        self.from = from
        self.limit = limit
    }

    package var scope: String { environment.map { "\(project)/\($0)" } ?? "\(project)" }
}

/// How one backup differs from another of the same project.
package struct BackupDiff: Hashable, Codable, Sendable {
    package static let limitRange = 1...1000

    package var old: BackupID
    package var new: BackupID
    /// Only in this service; nil for all that either has.
    package var source: ServiceReference?
    /// `next` of the page before of the service; nil for the first page.
    package var from: String?
    /// How many lines there are of each service.
    package var limit: Int

    package init(
        old: BackupID, new: BackupID, source: ServiceReference? = nil, from: String? = nil, limit: Int = 200
    ) {
        self.old = old
        self.new = new
        self.source = source
        self.from = from
        self.limit = limit
    }
}
