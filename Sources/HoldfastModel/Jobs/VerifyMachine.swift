/// Decides what a verify job does next: read everything a backup refers to and check it.
package struct VerifyMachine: Hashable, Codable, Sendable {
    package enum Step: String, Codable, Sendable, CaseIterable {
        case verify, ended
    }

    package enum Action: Hashable, Sendable {
        case verify
    }

    package enum Event: Hashable, Sendable {
        case verified(VerifyReport)
        case failed(HoldfastError)
        case lost
        case cancelled
    }

    package enum Ending: Hashable, Codable, Sendable {
        case finished(VerifyReport)
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package let backup: BackupID
    package private(set) var step = Step.verify
    package private(set) var attempt = 1
    package private(set) var ending: Ending?

    package init(backup: BackupID) {
        self.backup = backup
    }

    package var action: Action? { step == .verify ? .verify : nil }

    package mutating func apply(_ event: Event) {
        guard step == .verify else { return }
        switch event {
        case .verified(let report): ending = .finished(report)
        case .failed(let error) where error.isWorthRepeating && attempt < Self.attemptLimit:
            attempt += 1
            return
        case .failed(let error): ending = .failed(error)
        case .cancelled: ending = .cancelled
        case .lost: return
        }
        step = .ended
    }
}

/// What reading a whole backup found.
package struct VerifyReport: Hashable, Codable, Sendable {
    package var objects = 0
    package var chunks: Int64 = 0
    package var bytes: Int64 = 0
    /// Each names what is damaged or missing; empty when the backup is whole.
    package var problems: [String] = []

    package init() {}
}
