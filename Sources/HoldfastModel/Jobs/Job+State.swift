extension Job.Machine {
    package var stepName: String {
        switch self {
        case .backup(let machine): machine.stepName
        case .restore(let saga): saga.stepName
        case .verify(let machine): machine.stepName
        case .collect(let machine): machine.stepName
        case .download(let machine): machine.stepName
        case .repair(let machine): machine.stepName
        case .fileRestore(let machine): machine.stepName
        }
    }

    package var attention: Attention? {
        if case .restore(let saga) = self { saga.attention } else { nil }
    }

    /// Whether there is something to do now, or would be after a person's help.
    package var isAtWork: Bool {
        switch self {
        case .backup(let machine): machine.action != nil
        case .restore(let saga): saga.action != nil || saga.attention != nil
        case .verify(let machine): machine.action != nil
        case .collect(let machine): machine.action != nil
        case .download(let machine): machine.action != nil
        case .repair(let machine): machine.action != nil
        case .fileRestore(let machine): machine.action != nil
        }
    }

    /// Why the job failed; nil where it did not.
    package var failure: HoldfastError? {
        switch self {
        case .backup(let machine):
            if case .failed(let error) = machine.ending { error } else { nil }
        case .restore(let saga):
            if case .failed(let error) = saga.ending { error } else { nil }
        case .verify(let machine):
            switch machine.ending {
            case .failed(let error): error
            case .finished(let report) where !report.problems.isEmpty:
                HoldfastError(.corrupt, "The backup is damaged: \(report.problems.joined(separator: "; "))")
            default: nil
            }
        case .collect(let machine):
            if case .failed(let error) = machine.ending { error } else { nil }
        case .download(let machine):
            if case .failed(let error) = machine.ending { error } else { nil }
        case .repair(let machine):
            if case .failed(let error) = machine.ending { error } else { nil }
        case .fileRestore(let machine):
            if case .failed(let error) = machine.ending { error } else { nil }
        }
    }

    package var status: Job.Status {
        if attention != nil { return .needsAttention }
        if failure != nil { return .failed }
        switch self {
        case .backup(let machine):
            switch machine.ending {
            case nil: return .running
            case .cancelled: return .cancelled
            default: return .succeeded
            }
        case .restore(let saga):
            switch (saga.ending, saga.step) {
            // The destination has its new content; what is left to do is tidying up.
            case (nil, .kept), (nil, .clean): return .succeeded
            case (nil, _): return .running
            case (.cancelled, _): return .cancelled
            default: return .succeeded
            }
        case .verify(let machine):
            switch machine.ending {
            case nil: return .running
            case .cancelled: return .cancelled
            default: return .succeeded
            }
        case .collect(let machine):
            switch machine.ending {
            case nil: return .running
            case .cancelled: return .cancelled
            default: return .succeeded
            }
        case .download(let machine):
            switch machine.ending {
            case nil: return .running
            case .cancelled: return .cancelled
            default: return .succeeded
            }
        case .repair(let machine):
            switch machine.ending {
            case nil: return .running
            case .cancelled: return .cancelled
            default: return .succeeded
            }
        case .fileRestore(let machine):
            switch machine.ending {
            case nil: return .running
            case .cancelled: return .cancelled
            default: return .succeeded
            }
        }
    }
}

extension Job {
    /// Takes over what the machine has come to. A job ends, for people, when its result stands: a restore before its old
    /// content is dropped.
    package mutating func reflect(_ machine: Machine, at now: Timestamp) {
        self.machine = machine
        status = machine.status
        waitingFor = nil
        switch status {
        case .succeeded, .failed, .cancelled: endedAt = endedAt ?? now
        case .running, .waiting, .queued, .needsAttention: break
        }
    }

    /// Marks the job as waiting for a node by name, another job, or a decision; or for its turn.
    package mutating func wait(for what: String, isQueued: Bool = false) {
        waitingFor = what
        if [.running, .waiting, .queued].contains(status) { status = isQueued ? .queued : .waiting }
    }

    package mutating func goOn() {
        waitingFor = nil
        status = machine.status
    }
}
