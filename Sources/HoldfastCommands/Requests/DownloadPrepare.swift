package import HoldfastModel

package struct DownloadPrepare: Hashable, Codable, Sendable {
    package static let validSecondsRange = 1...(90 * 86_400)
    package static let defaultValidSeconds = 7 * 86_400

    package var backup: BackupID
    /// Whole parts; empty means all, unless there are files or tables.
    package var services: [ServiceSelector]
    /// Paths of single files, as lists of contents write them.
    package var files: [String]
    /// `schema.name`, or `name` where only one schema has it.
    package var tables: [String]
    /// The service that files and tables are of, where the backup has more than one of their kind.
    package var source: ServiceReference?
    /// Who is told when it is ready; nobody where it is nil.
    package var mail: MailAddress?
    /// How long its links work from when it is ready.
    package var validSeconds: Int
    /// Follow the job and end with its result; otherwise answer as soon as it is accepted.
    package var wait: Bool

    package init(
        backup: BackupID, services: [ServiceSelector] = [], files: [String] = [], tables: [String] = [],
        source: ServiceReference? = nil, mail: MailAddress? = nil, validSeconds: Int = defaultValidSeconds,
        wait: Bool = true
    ) {
        self.backup = backup
        self.services = services
        self.files = files
        self.tables = tables
        self.source = source
        self.mail = mail
        self.validSeconds = validSeconds
        self.wait = wait
    }
}
