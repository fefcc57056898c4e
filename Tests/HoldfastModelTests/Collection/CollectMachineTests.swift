import Foundation
import HoldfastModel
import Testing

@Suite struct CollectMachineTests {
    private static let report: CollectReport = {
        var report = CollectReport()
        (report.objects, report.bytes) = (3, 300)
        return report
    }()

    private static let rewriting: CollectReport.Rewriting = {
        var rewriting = CollectReport.Rewriting()
        (rewriting.shards, rewriting.deadBytes, rewriting.lists) = (14, 310_000_000, 2)
        return rewriting
    }()

    private func machine(at step: CollectMachine.Step) throws -> CollectMachine {
        var machine = CollectMachine()
        let events: [CollectMachine.Event] = [
            .marked(backups: 2), .buried(tombstones: 4), .rewritten(Self.rewriting, problems: []),
            .retired(lists: 2, problems: ["one is held"]),
            .condemned(shards: 3, unknown: [try identifier(7)], awaiting: [try identifier(8)]), .settled,
            .deleted(Self.report),
        ]
        for event in events where machine.step != step { machine.apply(event) }
        #expect(machine.step == step)
        return machine
    }

    @Test func theStepsInOrder() throws {
        var machine = CollectMachine()
        #expect(machine.action == .mark)
        machine.apply(.marked(backups: 2))
        #expect(machine.action == .bury)
        machine.apply(.buried(tombstones: 4))
        #expect(machine.action == .rewrite)
        machine.apply(.rewritten(Self.rewriting, problems: []))
        #expect(machine.action == .retire)
        machine.apply(.retired(lists: 2, problems: ["one is held"]))
        #expect(machine.action == .condemn)
        machine.apply(.condemned(shards: 3, unknown: [try identifier(7)], awaiting: [try identifier(8)]))
        #expect(machine.action == .settle([try identifier(8)]))
        machine.apply(.settled)
        #expect(machine.action == .delete)
        machine.apply(.deleted(Self.report))
        #expect(machine.action == nil)
        var expected = Self.report
        (expected.backups, expected.unknown) = (2, [try identifier(7)])
        (expected.rewriting, expected.problems) = (Self.rewriting, ["one is held"])
        #expect(machine.ending == .finished(expected))
        #expect(machine.wrapped.status == .succeeded)
    }

    /// Only the answer to a step's own action moves it on: nothing is deleted that was not condemned and waited for.
    @Test(arguments: CollectMachine.Step.allCases)
    func noStepIsLeftOut(_ step: CollectMachine.Step) throws {
        let own: [CollectMachine.Step: Int] = [
            .mark: 0, .bury: 1, .rewrite: 2, .retire: 3, .condemn: 4, .settle: 5, .delete: 6,
        ]
        let events: [CollectMachine.Event] = [
            .marked(backups: 1), .buried(tombstones: 1), .rewritten(nil, problems: []),
            .retired(lists: 1, problems: []), .condemned(shards: 1, unknown: [], awaiting: []), .settled,
            .deleted(Self.report), .lost,
        ]
        for (number, event) in events.enumerated() where own[step] != number {
            let before = try machine(at: step)
            var after = before
            after.apply(event)
            #expect(after == before)
        }
    }

    @Test(arguments: [CollectMachine.Step.mark, .bury, .condemn, .settle, .delete])
    func triesAgainGivesUpAndIsCalledOff(_ step: CollectMachine.Step) throws {
        var machine = try machine(at: step)
        for attempt in 2...CollectMachine.attemptLimit {
            machine.apply(.failed(later))
            #expect(machine.attempt == attempt)
            #expect(machine.step == step)
        }
        var cancelled = machine
        cancelled.apply(.cancelled)
        #expect(cancelled.ending == .cancelled)
        machine.apply(.failed(later))
        #expect(machine.ending == .failed(later))
        #expect(machine.wrapped.failure == later)
    }

    /// What can't be rewritten now stays; what is wholly dead goes nonetheless.
    @Test(arguments: [CollectMachine.Step.rewrite, .retire])
    func rewritingThatFailsStopsNothing(_ step: CollectMachine.Step) throws {
        var machine = try machine(at: step)
        machine.apply(.failed(never))
        #expect(machine.step == (step == .rewrite ? .retire : .condemn) && machine.attempt == 1)
        machine.apply(.retired(lists: 0, problems: []))
        machine.apply(.condemned(shards: 1, unknown: [], awaiting: []))
        machine.apply(.settled)
        machine.apply(.deleted(Self.report))
        guard case .finished(let report) = machine.ending else {
            Issue.record("\(machine.step)")
            return
        }
        #expect(report.problems.count == (1) && report.problems[0].contains(never.message))
        #expect(report.objects == 3)
    }

    /// A job that an earlier version left open.
    @Test func aJobFromBeforeShardsWereRewrittenGoesOn() throws {
        let text = #"{"attempt":1,"awaiting":[],"removedBackups":2,"step":"bury","unknown":[]}"#
        var machine = try JSONDecoder().decode(CollectMachine.self, from: Data(text.utf8))
        machine.apply(.buried(tombstones: 1))
        #expect(machine.action == .rewrite)
    }

    @Test func aStepBegunCountsItsOwnAttempts() throws {
        var machine = CollectMachine()
        machine.apply(.failed(later))
        machine.apply(.marked(backups: 0))
        #expect(machine.attempt == 1)
    }
}
