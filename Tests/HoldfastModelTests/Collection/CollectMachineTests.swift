import HoldfastModel
import Testing

@Suite struct CollectMachineTests {
    private static let report: CollectReport = {
        var report = CollectReport()
        (report.objects, report.bytes) = (3, 300)
        return report
    }()

    private func machine(at step: CollectMachine.Step) throws -> CollectMachine {
        var machine = CollectMachine()
        let events: [CollectMachine.Event] = [
            .marked(backups: 2), .buried(tombstones: 4),
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
        #expect(machine.action == .condemn)
        machine.apply(.condemned(shards: 3, unknown: [try identifier(7)], awaiting: [try identifier(8)]))
        #expect(machine.action == .settle([try identifier(8)]))
        machine.apply(.settled)
        #expect(machine.action == .delete)
        machine.apply(.deleted(Self.report))
        #expect(machine.action == nil)
        var expected = Self.report
        (expected.backups, expected.unknown) = (2, [try identifier(7)])
        #expect(machine.ending == .finished(expected))
        #expect(machine.wrapped.status == .succeeded)
    }

    /// Only the answer to a step's own action moves it on: nothing is deleted that was not condemned and waited for.
    @Test(arguments: CollectMachine.Step.allCases)
    func noStepIsLeftOut(_ step: CollectMachine.Step) throws {
        let own: [CollectMachine.Step: Int] = [.mark: 0, .bury: 1, .condemn: 2, .settle: 3, .delete: 4]
        let events: [CollectMachine.Event] = [
            .marked(backups: 1), .buried(tombstones: 1), .condemned(shards: 1, unknown: [], awaiting: []), .settled,
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

    @Test func aStepBegunCountsItsOwnAttempts() throws {
        var machine = CollectMachine()
        machine.apply(.failed(later))
        machine.apply(.marked(backups: 0))
        #expect(machine.attempt == 1)
    }
}
