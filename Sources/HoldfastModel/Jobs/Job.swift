/// One durable, journalled unit of work.
package struct Job: Hashable, Codable, Sendable {
    package var version = 1
    package var id: JobID
    package var project: ProjectID
    package var environment: EnvironmentReference
    package var author: String
    package var createdAt: Timestamp
    package var endedAt: Timestamp?
    package var status: Status
    /// What the job waits for, where it waits: a node's name, a decision.
    package var waitingFor: String?
    package var machine: Machine

    /// The state machine that decides what the job does next.
    package enum Machine: Hashable, Codable, Sendable {
        case backup(BackupMachine)
        case restore(RestoreSaga)
        case verify(VerifyMachine)
        case collect(CollectMachine)
        case download(DownloadMachine)
        case repair(RepairMachine)
        case fileRestore(FileRestoreMachine)
    }

    package enum Kind: String, Codable, Sendable, CaseIterable {
        case backup, restore, verify, collect, download, repair
        case fileRestore = "file-restore"
    }

    package enum Status: String, Codable, Sendable, CaseIterable {
        case running, waiting, succeeded, failed, cancelled
        /// Waits for its turn: as many jobs as may be are at work.
        case queued
        case needsAttention = "needs-attention"
    }

    package init(
        id: JobID, project: ProjectID, environment: EnvironmentReference, author: String, createdAt: Timestamp,
        machine: Machine
    ) {
        self.id = id
        self.project = project
        self.environment = environment
        self.author = author
        self.createdAt = createdAt
        self.status = .running
        self.machine = machine
    }

    package var kind: Kind {
        switch machine {
        case .backup: .backup
        case .restore: .restore
        case .verify: .verify
        case .collect: .collect
        case .download: .download
        case .repair: .repair
        case .fileRestore: .fileRestore
        }
    }
}
