/// Decides what a backup job does next. Its state is journalled before each action is performed; every action may be
/// performed again after a crash.
package struct BackupMachine: Hashable, Codable, Sendable {
    /// The steps, in order; the journal's own list.
    package enum Step: String, Codable, Sendable, CaseIterable {
        case capture, record, ended
    }

    /// What the driver performs, and then feeds back as an event.
    package enum Action: Hashable, Sendable {
        /// Capture every service and hold all of its objects. Chunks stored by an earlier attempt are found again.
        case capture(attempt: Int)
        /// Write the complete backup and its receipt to the catalog.
        case record(parts: [BackupPart], receipt: Receipt)
    }

    package enum Event: Hashable, Sendable {
        case captured(parts: [BackupPart], receipt: Receipt)
        case recorded
        case failed(HoldfastError)
        /// The node that did the work is gone; the work is not counted as an attempt.
        case lost
        case cancelled
    }

    package enum Ending: Hashable, Codable, Sendable {
        case complete
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package let backup: BackupID
    package let services: [ServiceReference]
    /// True, or absent as in jobs from before there was a choice.
    private let readsAll: Bool?
    package private(set) var step = Step.capture
    package private(set) var attempt = 1
    package private(set) var parts: [BackupPart] = []
    package private(set) var receipt: Receipt?
    package private(set) var ending: Ending?

    package init(backup: BackupID, services: [ServiceReference], fullRead: Bool = false) {
        self.backup = backup
        self.services = services
        readsAll = fullRead ? true : nil
    }

    /// Everything is to be read, whatever seems unchanged since the last backup.
    package var fullRead: Bool { readsAll ?? false }

    /// The action to perform now; nil when the job has ended.
    package var action: Action? {
        switch (step, receipt) {
        case (.capture, _): .capture(attempt: attempt)
        case (.record, let receipt?): .record(parts: parts, receipt: receipt)
        default: nil
        }
    }

    package mutating func apply(_ event: Event) {
        switch (step, event) {
        case (.capture, .captured(let parts, let receipt)):
            if let fault = Self.fault(of: parts, receipt, asked: services) {
                end(.failed(fault))
            } else {
                (self.parts, self.receipt, step, attempt) = (parts, receipt, .record, 1)
            }
        case (.capture, .failed(let error)):
            if error.isWorthRepeating, attempt < Self.attemptLimit { attempt += 1 } else { end(.failed(error)) }
        case (.record, .recorded): end(.complete)
        // A receipt exists: it is not given up for what passes, however often.
        case (.record, .failed(let error)): if error.isWorthRepeating { attempt += 1 } else { end(.failed(error)) }
        case (.capture, .cancelled), (.record, .cancelled): end(.cancelled)
        case (.record, _), (.capture, .lost), (.capture, .recorded), (.ended, _): break
        }
    }

    private mutating func end(_ ending: Ending) {
        self.ending = ending
        step = .ended
    }

    /// Success is proven: a part for each service, and a receipt that covers at least their manifests and lists.
    private static func fault(
        of parts: [BackupPart], _ receipt: Receipt, asked services: [ServiceReference]
    ) -> HoldfastError? {
        guard parts.map(\.service).sorted() == services.sorted() else {
            return HoldfastError(.internal, "The node answered with parts of other services than were asked for")
        }
        guard receipt.objects >= 2 * parts.count, receipt.holdings.contains(where: { $0.objects > 0 }) else {
            return HoldfastError(.internal, "The node's receipt does not cover the parts it captured")
        }
        return nil
    }
}
