import HoldfastModel
import Testing

@Suite struct EnvironmentMachineTests {
    private typealias Entry = EnvironmentMachine.Entry

    @Test func oneRestoreAtATime() throws {
        var machine = EnvironmentMachine()
        try machine.admit(identifier(1), .restore)
        try machine.admit(identifier(1), .restore)
        try machine.admit(identifier(2), .backup)
        #expect(throws: HoldfastError.self) { try machine.admit(identifier(3), .restore) }
        _ = machine.dismiss(try identifier(1))
        try machine.admit(identifier(3), .restore)
    }

    @Test func oneCollectionAtATime() throws {
        var machine = EnvironmentMachine()
        try machine.admit(identifier(1), .collect)
        #expect(throws: HoldfastError.self) { try machine.admit(identifier(2), .collect) }
        _ = machine.dismiss(try identifier(1))
        try machine.admit(identifier(2), .collect)
    }

    @Test func capturesGoOneByOneInTheOrderOfComing() throws {
        var machine = EnvironmentMachine()
        let entries = try (1...3).map { Entry(job: try identifier($0), activity: .capture) }
        #expect(machine.enter(entries[0]) == nil)
        #expect(machine.enter(entries[0]) == nil)
        #expect(machine.enter(entries[1]) == entries[0].job)
        #expect(machine.enter(entries[2]) == entries[0].job)
        #expect(machine.leave(entries[0]) == [entries[1]])
        #expect(machine.enter(entries[1]) == nil)
        #expect(machine.enter(entries[2]) == entries[1].job)
        #expect(machine.dismiss(entries[1].job) == [entries[2]])
    }

    @Test func aWaitingExchangeIsNotOvertaken() throws {
        var machine = EnvironmentMachine()
        let first = Entry(job: try identifier(1), activity: .capture)
        let exchange = Entry(job: try identifier(2), activity: .exchange)
        let second = Entry(job: try identifier(3), activity: .capture)
        #expect(machine.enter(first) == nil)
        #expect(machine.enter(exchange) == first.job)
        #expect(machine.enter(second) != nil)
        #expect(machine.leave(first) == [exchange])
        #expect(machine.enter(second) == exchange.job)
        #expect(machine.leave(exchange) == [second])
    }

    @Test func whoComesLaterWaitsBehindWhoWaits() throws {
        var machine = EnvironmentMachine()
        let exchange = Entry(job: try identifier(1), activity: .exchange)
        let capture = Entry(job: try identifier(2), activity: .capture)
        let second = Entry(job: try identifier(3), activity: .exchange)
        #expect(machine.enter(exchange) == nil)
        #expect(machine.enter(capture) == exchange.job)
        #expect(machine.enter(second) == capture.job)
        #expect(machine.leave(exchange) == [capture])
    }

    @Test func removalNeedsAnEmptyEnvironment() throws {
        var machine = EnvironmentMachine()
        try machine.admit(identifier(1), .backup)
        #expect(throws: HoldfastError.self) { try machine.beginRemoval() }
        _ = machine.dismiss(try identifier(1))
        try machine.beginRemoval()
        #expect(throws: HoldfastError.self) { try machine.admit(identifier(2), .backup) }
        machine.endRemoval()
        try machine.admit(identifier(2), .backup)
    }
}
