/// Decides what a restore does next: check → safety backup → stage → verify → swap → confirm → keep → clean, and back
/// again from any step before the swap.
///
/// The saga's state is journalled before its action is performed, and every action may be performed again: a successor
/// simply carries out the action it finds. Only `swap` decides between old and new; until its outcome is known the saga
/// neither goes on nor back.
package struct RestoreSaga: Hashable, Codable, Sendable {
    /// The steps; the journal's own list.
    package enum Step: String, Codable, Sendable, CaseIterable {
        case check, claim, safetyBackup, stage, verify, swap, confirm, release
        /// The restore succeeded; the old content waits for an undo until `undoUntil`.
        case kept
        case clean
        case unwind, ended
    }

    package enum Action: Hashable, Sendable {
        /// Look at destination and source: reachable, versions, space, rights, identities.
        case check
        /// Reserve the destination's identities; taking over what an earlier restore kept, where that is the source.
        case claim([PhysicalIdentity])
        case safetyBackup(BackupID)
        case stage
        case verify([StagedService])
        /// Read which side the destination is on, make its services agree, and exchange them if they are old.
        case swap([StagedService])
        case confirm([StagedService])
        /// Give the destination back to others; the old content stays.
        case release
        /// Drop the old content.
        case clean([StagedService])
        /// Drop what was staged, if it was, and give the destination back.
        case unwind([StagedService])
    }

    package enum Event: Hashable, Sendable {
        /// In the order of the plan's mappings.
        case checked([PhysicalIdentity], inPlace: [ServiceReference] = [], warnings: Warnings = Warnings())
        /// `number` grows with every claim in the cluster, so of two restores over one destination it tells the later.
        case claimed(number: Int64)
        case safe
        case staged([StagedService], warnings: Warnings = Warnings())
        case verified
        /// Durable and certain; `reason` says why it stayed old.
        case swapped(SwapSide, reason: HoldfastError?, warnings: Warnings = Warnings())
        case confirmed
        /// `undoUntil` is nil where the old content is not kept.
        case released(undoUntil: Timestamp?)
        /// The undo window is over, or a person gave it up.
        case windowClosed
        case cleaned
        /// A later restore has the old content now, or gave it back.
        case takenOver(by: JobID)
        case givenBack
        case unwound
        case failed(HoldfastError)
        /// The node is gone, so the outcome is not known.
        case lost
        case cancelled
        /// A person mended what needed attention, or, in `confirm`, accepts what is live.
        case resumed
    }

    package enum Ending: Hashable, Codable, Sendable {
        case restored
        case undone(by: JobID)
        case failed(HoldfastError)
        case cancelled
    }

    package static let attemptLimit = 3

    package let plan: RestorePlan
    package private(set) var step = Step.check
    package private(set) var attempt = 1
    package private(set) var identities: [PhysicalIdentity] = []
    /// The services whose content is replaced in place; nil where there are none.
    package private(set) var inPlace: [ServiceReference]?
    package private(set) var claimNumber: Int64?
    /// Staging was begun, so that something may lie beside the destination even where no outcome is known.
    package private(set) var hasBegunStaging = false
    package private(set) var staged: [StagedService] = []
    package private(set) var side = SwapSide.old
    package private(set) var undoUntil: Timestamp?
    /// What check, staging and swap left out or found, each told once: by the outcome that took the saga a step on.
    package private(set) var warnings = Warnings()
    package private(set) var attention: Attention?
    /// Why the saga goes back; becomes its ending when it is back.
    package private(set) var reversal: Ending?
    package private(set) var ending: Ending?

    package init(plan: RestorePlan) {
        self.plan = plan
    }

    /// The action to perform now; nil while the saga waits or has ended.
    package var action: Action? {
        guard attention == nil else { return nil }
        return switch step {
        case .check: .check
        case .claim: .claim(identities)
        case .safetyBackup: plan.safetyBackup.map(Action.safetyBackup)
        case .stage: .stage
        case .verify: .verify(staged)
        case .swap: .swap(staged)
        case .confirm: .confirm(staged)
        case .release: .release
        case .clean: .clean(staged)
        case .unwind: .unwind(staged)
        case .kept, .ended: nil
        }
    }

    /// Whether the swap keeps the old content of every service: with less of it an undo would bring back a mixture.
    package var keepsOld: Bool { !staged.contains(where: \.isInPlace) }

    /// Whether a person may still call it off.
    package var isCancellable: Bool {
        switch step {
        case .check, .claim, .safetyBackup, .stage, .verify: true
        default: false
        }
    }

    package mutating func apply(_ event: Event) {
        switch (step, event) {
        case (.check, .checked(let identities, let inPlace, let warnings)):
            self.identities = identities
            self.inPlace = inPlace.isEmpty ? nil : inPlace
            self.warnings.add(warnings)
            go(to: .claim)
        case (.claim, .claimed(let number)):
            claimNumber = number
            go(to: plan.safetyBackup == nil ? .stage : .safetyBackup)
        case (.safetyBackup, .safe): go(to: .stage)
        case (.stage, .staged(let services, let warnings)):
            staged = services
            self.warnings.add(warnings)
            go(to: .verify)
        case (.verify, .verified): go(to: .swap)
        case (.swap, .swapped(.new, _, let warnings)):
            side = .new
            self.warnings.add(warnings)
            go(to: .confirm)
        case (.swap, .swapped(.old, let reason, _)):
            goBack(.failed(reason ?? HoldfastError(.internal, "The destination stayed on its old content")))
        case (.confirm, .confirmed): go(to: .release)
        case (.release, .released(let undoUntil)):
            self.undoUntil = undoUntil
            go(to: undoUntil == nil ? .clean : .kept)
        case (.kept, .windowClosed): go(to: .clean)
        case (.kept, .takenOver(let job)): end(.undone(by: job))
        case (.ended, .givenBack):
            guard case .undone = ending else { return }
            ending = nil
            go(to: .kept)
        case (.clean, .cleaned): end(.restored)
        case (.unwind, .unwound): end(reversal ?? .cancelled)
        case (_, .cancelled): if isCancellable { goBack(.cancelled) }
        case (_, .failed(let error)): fail(error)
        case (_, .resumed):
            guard attention != nil else { return }
            attention = nil
            attempt = 1
            // A person has looked at the destination and accepts it. The old content stays, for an undo.
            if step == .confirm { go(to: .release) }
        default: break
        }
    }

    private mutating func fail(_ error: HoldfastError) {
        guard action != nil else { return }
        if error.isWorthRepeating, attempt < Self.attemptLimit || isPatient(with: error) {
            attempt += 1
            return
        }
        switch step {
        case .check, .claim, .safetyBackup, .stage, .verify: goBack(.failed(error))
        case .swap:
            attend(error, "See to the cause on the node and the database server, then `holdfast restore resume`")
        case .confirm:
            attend(
                error,
                """
                Look at the destination, then accept it with `holdfast restore resume`; after that the restore can be \
                undone
                """)
        case .release, .clean, .unwind:
            attend(error, "See to the cause, then `holdfast restore resume`")
        case .kept, .ended: break
        }
    }

    /// Whether to try again however often it takes. Where there is no way back, a server that is down or a disk that is
    /// full is waited for; asking a person to type `resume` once it is back would help nobody.
    private func isPatient(with error: HoldfastError) -> Bool {
        switch (step, error.code) {
        case (.swap, .unavailable), (.release, .unavailable), (.clean, .unavailable), (.unwind, .unavailable): true
        case (.swap, .timedOut), (.release, .timedOut), (.clean, .timedOut), (.unwind, .timedOut): true
        case (.swap, .noSpace), (.release, .noSpace), (.clean, .noSpace), (.unwind, .noSpace): true
        default: false
        }
    }

    private mutating func attend(_ error: HoldfastError, _ whatToDo: String) {
        attention = Attention(step: step.rawValue, reason: error, whatToDo: whatToDo)
    }

    private mutating func go(to step: Step) {
        self.step = step
        attempt = 1
        if step == .stage { hasBegunStaging = true }
    }

    private mutating func goBack(_ ending: Ending) {
        reversal = ending
        go(to: .unwind)
    }

    private mutating func end(_ ending: Ending) {
        self.ending = ending
        go(to: .ended)
    }
}
