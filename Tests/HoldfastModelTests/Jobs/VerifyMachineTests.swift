import HoldfastModel
import Testing

@Suite struct VerifyMachineTests {
    @Test func finishesWithAReportWhateverItSays() throws {
        var machine = VerifyMachine(backup: try identifier(1))
        var report = VerifyReport()
        report.problems = ["shard 1 is gone"]
        machine.apply(.lost)
        #expect(machine.action == .verify)
        machine.apply(.verified(report))
        #expect(machine.ending == .finished(report))
        #expect(machine.wrapped.status == .failed)
        #expect(machine.wrapped.failure?.code == .corrupt)
    }

    @Test func triesAgainAndGivesUp() throws {
        var machine = VerifyMachine(backup: try identifier(1))
        for _ in 1..<VerifyMachine.attemptLimit { machine.apply(.failed(later)) }
        #expect(machine.ending == nil)
        machine.apply(.failed(later))
        #expect(machine.ending == .failed(later))
    }
}
