/// Decides what a download job does next: prepare one file after the other. A file that is prepared stays so, whatever
/// becomes of the coordinator. The links' life is in the download's record and needs no job.
package struct DownloadMachine: Hashable, Codable, Sendable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        case prepare, ended
    }

    package enum Action: Hashable, Sendable {
        case prepare(DownloadContent)
        /// Everything is prepared: make the links work.
        case publish
    }

    package enum Event: Hashable, Sendable {
        case prepared(DownloadFile)
        case published
        case failed(HoldfastError)
        case lost
        case cancelled
    }

    package enum Ending: Hashable, Codable, Sendable {
        case ready
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package let download: DownloadID
    package let backup: BackupID
    package let contents: [DownloadContent]
    package private(set) var files: [DownloadFile] = []
    package private(set) var step = Step.prepare
    package private(set) var attempt = 1
    package private(set) var ending: Ending?

    /// - Parameter contents: at least one.
    package init(download: DownloadID, backup: BackupID, contents: [DownloadContent]) {
        self.download = download
        self.backup = backup
        self.contents = contents
    }

    package var action: Action? {
        guard step == .prepare else { return nil }
        return files.count < contents.count ? .prepare(contents[files.count]) : .publish
    }

    package mutating func apply(_ event: Event) {
        guard step == .prepare else { return }
        switch event {
        case .prepared(let file):
            guard files.count < contents.count, file.content == contents[files.count] else { return }
            files.append(file)
            attempt = 1
            return
        case .published where files.count == contents.count: ending = .ready
        case .published, .lost: return
        case .failed(let error) where error.isWorthRepeating && attempt < Self.attemptLimit:
            attempt += 1
            return
        case .failed(let error): ending = .failed(error)
        case .cancelled: ending = .cancelled
        }
        step = .ended
    }
}
