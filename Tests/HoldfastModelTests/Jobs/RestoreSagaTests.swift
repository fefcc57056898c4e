import Foundation
import HoldfastModel
import Testing

@Suite struct RestoreSagaTests {
    private static let tree = PhysicalIdentity.database(system: "1", oid: 2, name: "shop")
    private static let staged = [
        StagedService(service: ServiceReference(.database), content: .database(live: 2, staged: 3, name: "hf_new"))
    ]

    private func saga(safety: Bool = true) throws -> RestoreSaga {
        RestoreSaga(
            plan: RestorePlan(
                source: .backup(try identifier(1)), destination: try EnvironmentReference("shop/test"),
                mappings: [RestorePlan.Mapping(from: ServiceReference(.database), to: ServiceReference(.database))],
                safetyBackup: safety ? try identifier(2) : nil, undoWindowSeconds: 60, node: try identifier(9)))
    }

    /// The events of a restore without trouble, and the step each leads to.
    private static let road: [(event: RestoreSaga.Event, step: RestoreSaga.Step)] = [
        (.checked([tree]), .claim), (.claimed(number: 7), .safetyBackup), (.safe, .stage), (.staged(staged), .verify),
        (.verified, .swap), (.swapped(.new, reason: nil), .confirm), (.confirmed, .release),
        (.released(undoUntil: Timestamp(milliseconds: 5)), .kept), (.windowClosed, .clean), (.cleaned, .ended),
    ]

    private func saga(at step: RestoreSaga.Step) throws -> RestoreSaga {
        var saga = try saga()
        for (event, next) in Self.road where saga.step != step {
            saga.apply(event)
            #expect(saga.step == next)
        }
        #expect(saga.step == step)
        return saga
    }

    @Test func theRoadWithoutTrouble() throws {
        var saga = try saga()
        let actions: [RestoreSaga.Action?] = [
            .claim([Self.tree]), .safetyBackup(try identifier(2)), .stage, .verify(Self.staged), .swap(Self.staged),
            .confirm(Self.staged), .release, nil, .clean(Self.staged), nil,
        ]
        #expect(saga.action == .check)
        for ((event, step), action) in zip(Self.road, actions) {
            saga.apply(event)
            #expect(saga.step == step)
            #expect(saga.action == action)
        }
        #expect(saga.ending == .restored)
        #expect(saga.claimNumber == 7)
    }

    /// What is replaced in place is journalled as such, and leaves nothing to keep: neither its own nor the media's old
    /// content, which alone would be a mixture.
    @Test func inPlaceKeepsNothing() throws {
        let database = ServiceReference(.database)
        var saga = try saga()
        saga.apply(.checked([Self.tree], inPlace: [database]))
        #expect(saga.inPlace == [database])
        let staged = [
            StagedService(service: database, content: .databaseInPlace(live: 2)),
            StagedService(
                service: ServiceReference(.media),
                content: .media(
                    root: FileIdentity(device: 1, inode: 2), staged: FileIdentity(device: 1, inode: 3), directory: "d")),
        ]
        for event: RestoreSaga.Event in [
            .claimed(number: 7), .safe, .staged(staged), .verified, .swapped(.new, reason: nil), .confirmed,
        ] {
            saga.apply(event)
        }
        #expect(!saga.keepsOld && saga.action == .release)
        let written = try JSONEncoder().encode(saga)
        #expect(try JSONDecoder().decode(RestoreSaga.self, from: written) == saga)
        saga.apply(.released(undoUntil: nil))
        #expect(saga.action == .clean(staged) && saga.undoUntil == nil)
        saga.apply(.cleaned)
        #expect(saga.ending == .restored)
    }

    @Test func withoutSafetyStagingFollowsTheClaim() throws {
        var saga = try saga(safety: false)
        saga.apply(.checked([Self.tree]))
        saga.apply(.claimed(number: 1))
        #expect(saga.action == .stage)
    }

    @Test(arguments: [RestoreSaga.Step.check, .claim, .safetyBackup, .stage, .verify])
    func beforeTheSwapTroubleLeadsBack(_ step: RestoreSaga.Step) throws {
        var failed = try saga(at: step)
        failed.apply(.failed(never))
        #expect(failed.step == .unwind)
        #expect(failed.hasBegunStaging == (step == .stage || step == .verify))
        failed.apply(.unwound)
        #expect(failed.ending == .failed(never))

        var cancelled = try saga(at: step)
        #expect(cancelled.isCancellable)
        cancelled.apply(.cancelled)
        #expect(cancelled.step == .unwind)
        cancelled.apply(.unwound)
        #expect(cancelled.ending == .cancelled)

        var tried = try saga(at: step)
        for attempt in 2...RestoreSaga.attemptLimit {
            tried.apply(.failed(later))
            #expect(tried.step == step)
            #expect(tried.attempt == attempt)
        }
        tried.apply(.failed(later))
        #expect(tried.step == .unwind)
    }

    @Test(arguments: [RestoreSaga.Step.swap, .confirm, .release, .clean])
    func fromTheSwapOnAPersonIsAskedAndNothingIsCalledOff(_ step: RestoreSaga.Step) throws {
        var saga = try saga(at: step)
        let action = saga.action
        saga.apply(.cancelled)
        #expect(saga.action == action)
        saga.apply(.failed(never))
        #expect(saga.step == step)
        #expect(saga.attention?.step == step.rawValue)
        #expect(saga.action == nil)
        saga.apply(.resumed)
        // What is live can only be accepted: that it is the staged content was looked for in vain.
        #expect(saga.action == (step == .confirm ? .release : action))
        #expect(saga.attention == nil)
        #expect(saga.attempt == 1)
        #expect(saga.side == (step == .swap ? .old : .new))
    }

    /// A server that is down or a disk that is full for a minute must not leave a restore waiting for a person.
    @Test(
        arguments: [RestoreSaga.Step.swap, .release, .clean, .unwind], [ErrorCode.unavailable, .timedOut, .noSpace])
    func whereThereIsNoWayBackAServerOrADiskIsWaitedFor(_ step: RestoreSaga.Step, _ code: ErrorCode) throws {
        var saga = try saga(at: step == .unwind ? .stage : step)
        if step == .unwind { saga.apply(.failed(never)) }
        for _ in 0..<100 {
            saga.apply(.failed(HoldfastError(code, "The server is down, or the disk full")))
            #expect(saga.step == step && saga.attention == nil && saga.action != nil)
        }
        saga.apply(.failed(HoldfastError(.toolFailed, "Waiting mends nothing")))
        #expect(saga.attention != nil)
    }

    @Test func nobodyAcceptsWhatNeedsNoAttention() throws {
        for step in RestoreSaga.Step.allCases where step != .unwind {
            var saga = try saga(at: step)
            let before = saga
            saga.apply(.resumed)
            #expect(saga == before)
        }
    }

    @Test(arguments: RestoreSaga.Step.allCases.filter { $0 != .unwind })
    func aLostNodeChangesNothing(_ step: RestoreSaga.Step) throws {
        var saga = try saga(at: step)
        let before = saga
        saga.apply(.lost)
        #expect(saga == before)
    }

    @Test func aSwapThatStayedOldLeadsBack() throws {
        var saga = try saga(at: .swap)
        saga.apply(.swapped(.old, reason: never))
        #expect(saga.action == .unwind(Self.staged))
        saga.apply(.unwound)
        #expect(saga.ending == .failed(never))
        #expect(saga.side == .old)
    }

    @Test func warningsOfEachStepAreToldOnce() throws {
        var (found, saga) = (Warnings(), try saga(safety: false))
        found.add("odd")
        for event in [
            RestoreSaga.Event.checked([Self.tree], warnings: found), .claimed(number: 1),
            .failed(HoldfastError(.unavailable, "gone")), .lost, .staged(Self.staged, warnings: found),
            .staged(Self.staged, warnings: found), .verified, .failed(HoldfastError(.unavailable, "gone")),
            .swapped(.new, reason: nil, warnings: found), .swapped(.new, reason: nil, warnings: found),
        ] { saga.apply(event) }
        #expect(saga.step == .confirm)
        #expect(saga.warnings.first == ["odd", "odd", "odd"])
        #expect(saga.warnings.count == 3)
    }

    /// Jobs journalled before sagas had warnings.
    @Test func missingWarningsAreNone() throws {
        let text = String(decoding: try JSONEncoder().encode(try saga(at: .kept)), as: UTF8.self)
        let old = text.replacing(#""warnings":{"count":0,"first":[]}"#, with: #""more":1"#)
            .replacing(#""warnings":{"first":[],"count":0}"#, with: #""more":1"#)
        #expect(old != text)
        let saga = try JSONDecoder().decode(RestoreSaga.self, from: Data(old.utf8))
        #expect(saga == (try self.saga(at: .kept)))
    }

    @Test func anUndoTakesOverAndMayGiveBack() throws {
        var saga = try saga(at: .kept)
        let undo: JobID = try identifier(5)
        saga.apply(.takenOver(by: undo))
        #expect(saga.ending == .undone(by: undo))
        saga.apply(.windowClosed)
        #expect(saga.ending == .undone(by: undo))
        saga.apply(.givenBack)
        #expect(saga.step == .kept)
        #expect(saga.ending == nil)
        #expect(saga.undoUntil == Timestamp(milliseconds: 5))
    }

    /// No event takes a saga from a step to anywhere but where the table says, and an ended one stays so.
    @Test func eventsOfOtherStepsAreIgnored() throws {
        for step in RestoreSaga.Step.allCases where step != .unwind {
            for (event, _) in Self.road {
                var saga = try saga(at: step)
                let before = saga
                saga.apply(event)
                let belongs = Self.road.contains { entry in entry.event == event && isBefore(entry, step) }
                if !belongs { #expect(saga == before, "\(event) in \(step)") }
            }
        }
    }

    private func isBefore(_ entry: (event: RestoreSaga.Event, step: RestoreSaga.Step), _ step: RestoreSaga.Step) -> Bool
    {
        let steps: [RestoreSaga.Step] = [.check] + Self.road.map(\.step)
        guard let index = steps.firstIndex(of: entry.step) else { return false }
        return steps[index - 1] == step
    }
}
