/// A job's state machine, as the driver of jobs sees it: state is journalled before `action` is performed, and what came
/// of the action is fed back by `apply`.
package protocol JobMachine: Hashable, Codable, Sendable {
    associatedtype Action: Hashable, Sendable
    associatedtype Event: JobEvent

    /// The action to perform now; nil while the machine waits for an event from outside, or has ended.
    var action: Action? { get }
    /// How often the present step has been begun, from 1.
    var attempt: Int { get }
    /// The present step's name, for journal and people.
    var stepName: String { get }
    /// Whether a person may still call the job off.
    var isCancellable: Bool { get }

    mutating func apply(_ event: Event)

    var wrapped: Job.Machine { get }
    init?(_ wrapped: Job.Machine)
}

/// The events that every machine knows.
package protocol JobEvent: Hashable, Sendable {
    static func failed(_ error: HoldfastError) -> Self
    /// The node is gone, so the outcome of the action is not known.
    static var lost: Self { get }
    static var cancelled: Self { get }

    var failure: HoldfastError? { get }
    /// What happened, for the journal.
    var text: String { get }
}

extension BackupMachine.Event: JobEvent {}
extension RestoreSaga.Event: JobEvent {}
extension VerifyMachine.Event: JobEvent {}
extension CollectMachine.Event: JobEvent {}
extension DownloadMachine.Event: JobEvent {}
extension RepairMachine.Event: JobEvent {}
extension FileRestoreMachine.Event: JobEvent {}

extension BackupMachine: JobMachine {
    package var stepName: String { step.rawValue }
    package var isCancellable: Bool { step != .ended }
    package var wrapped: Job.Machine { .backup(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .backup(let machine) = wrapped else { return nil }
        self = machine
    }
}

extension RestoreSaga: JobMachine {
    package var stepName: String { step.rawValue }
    package var wrapped: Job.Machine { .restore(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .restore(let saga) = wrapped else { return nil }
        self = saga
    }
}

extension VerifyMachine: JobMachine {
    package var stepName: String { step.rawValue }
    package var isCancellable: Bool { step == .verify }
    package var wrapped: Job.Machine { .verify(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .verify(let machine) = wrapped else { return nil }
        self = machine
    }
}

extension CollectMachine: JobMachine {
    package var stepName: String { step.rawValue }
    package var wrapped: Job.Machine { .collect(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .collect(let machine) = wrapped else { return nil }
        self = machine
    }
}

extension DownloadMachine: JobMachine {
    package var stepName: String { step.rawValue }
    package var isCancellable: Bool { step == .prepare }
    package var wrapped: Job.Machine { .download(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .download(let machine) = wrapped else { return nil }
        self = machine
    }
}

extension RepairMachine: JobMachine {
    package var stepName: String { step.rawValue }
    package var wrapped: Job.Machine { .repair(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .repair(let machine) = wrapped else { return nil }
        self = machine
    }
}

extension FileRestoreMachine: JobMachine {
    package var stepName: String { step.rawValue }
    package var isCancellable: Bool { step == .claim || step == .place }
    package var wrapped: Job.Machine { .fileRestore(self) }

    package init?(_ wrapped: Job.Machine) {
        guard case .fileRestore(let machine) = wrapped else { return nil }
        self = machine
    }
}

extension HoldfastError {
    /// Whether the same action may succeed when it is begun again: after a while, or by the layout of that time.
    package var isWorthRepeating: Bool { retryClass == .later || code == .staleLayout }
}
