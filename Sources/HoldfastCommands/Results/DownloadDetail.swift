package import HoldfastModel

/// A download as people are told of it.
package struct DownloadDetail: Codable, Hashable, Sendable {
    package var id: DownloadID
    package var environment: EnvironmentReference
    package var backup: BackupID
    package var job: JobID
    package var author: String
    package var mail: MailAddress?
    package var createdAt: Timestamp
    package var state: Download.State
    package var contents: [DownloadContent]
    package var files: [File]
    package var readyAt: Timestamp?
    package var expiresAt: Timestamp?
    package var revokedAt: Timestamp?
    package var failure: HoldfastError?

    package struct File: Codable, Hashable, Sendable {
        package var number: Int
        package var content: DownloadContent
        package var name: String
        package var type: String
        package var bytes: Int64
        package var sha256: String
        /// Only where links were asked for: whoever has it can fetch the file.
        package var link: Secret?

        package init(number: Int, file: DownloadFile, link: Secret? = nil) {
            self.number = number
            content = file.content
            name = file.name
            type = file.type
            bytes = file.bytes
            sha256 = file.sha256
            self.link = link
        }
    }

    /// - Parameter link: the link of a file by its number; nil for a detail without.
    package init(of download: Download, at now: Timestamp, link: ((Int, DownloadFile) -> Secret)? = nil) {
        id = download.id
        environment = download.environment
        backup = download.backup
        job = download.job
        author = download.author
        mail = download.mail
        createdAt = download.createdAt
        state = download.state(at: now)
        contents = download.contents
        files = download.files.enumerated().map { index, file in
            File(number: index + 1, file: file, link: link?(index + 1, file))
        }
        readyAt = download.readyAt
        expiresAt = download.expiresAt
        revokedAt = download.revokedAt
        failure = download.failure
    }
}
