/// Parts of a backup prepared as files that a person can fetch.
package struct Download: Hashable, Codable, Sendable {
    package var version = 1
    package var id: DownloadID
    package var project: ProjectID
    package var environment: EnvironmentReference
    package var backup: BackupID
    package var job: JobID
    package var author: String
    /// Who is told when it is ready.
    package var mail: MailAddress?
    package var createdAt: Timestamp
    package var validSeconds: Int
    package var contents: [DownloadContent]
    package var state: State
    /// In the order of `contents`; their links count from 1. Present once it is ready.
    package var files: [DownloadFile]
    package var readyAt: Timestamp?
    /// When its links stop working, known once it is ready.
    package var expiresAt: Timestamp?
    package var revokedAt: Timestamp?
    package var failure: HoldfastError?

    package enum State: String, Codable, Sendable, CaseIterable {
        case preparing, ready, expired, revoked, failed, cancelled
    }

    package init(
        id: DownloadID, project: ProjectID, environment: EnvironmentReference, backup: BackupID, job: JobID,
        author: String, mail: MailAddress?, createdAt: Timestamp, validSeconds: Int, contents: [DownloadContent]
    ) {
        self.id = id
        self.project = project
        self.environment = environment
        self.backup = backup
        self.job = job
        self.author = author
        self.mail = mail
        self.createdAt = createdAt
        self.validSeconds = validSeconds
        self.contents = contents
        state = .preparing
        files = []
    }

    /// Whether it needs its backup, and will for as long as its links work.
    package func holds(at now: Timestamp) -> Bool {
        switch state {
        case .preparing: true
        case .ready: expiresAt.map { now < $0 } ?? true
        case .expired, .revoked, .failed, .cancelled: false
        }
    }

    /// What it is now, also where nobody has written down yet that it has expired.
    package func state(at now: Timestamp) -> State { state == .ready && !holds(at: now) ? .expired : state }
}

package typealias DownloadID = ID<Download>
