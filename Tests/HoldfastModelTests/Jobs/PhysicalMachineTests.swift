import HoldfastModel
import Testing

@Suite struct PhysicalMachineTests {
    private let shop = [PhysicalIdentity.database(system: "1", oid: 2, name: "shop")]
    private let other = [PhysicalIdentity.database(system: "1", oid: 3, name: "other")]
    private let backup: JobID
    private let restore: JobID

    init() throws {
        backup = try identifier(1)
        restore = try identifier(2)
    }

    @Test func aCaptureWaitsForAnExchangeOfTheSameThing() {
        var machine = PhysicalMachine()
        #expect(machine.exchange(restore, shop) == nil)
        #expect(machine.exchange(restore, shop) == nil)
        #expect(machine.capture(backup, shop) == restore)
        #expect(machine.capture(backup, nil) == restore)
        #expect(machine.capture(backup, other) == nil)
        machine.leave(restore)
        #expect(machine.capture(backup, shop) == nil)
    }

    @Test func anExchangeWaitsForCapturesAndKeepsNewOnesOut() throws {
        var machine = PhysicalMachine()
        #expect(machine.capture(backup, shop) == nil)
        #expect(machine.exchange(restore, shop) == backup)
        #expect(machine.capture(try identifier(3), shop) == restore)
        machine.leave(backup)
        #expect(machine.exchange(restore, shop) == nil)
    }

    @Test func whatIsUnknownMayBeAnything() {
        var machine = PhysicalMachine()
        #expect(machine.capture(backup, nil) == nil)
        #expect(machine.exchange(restore, shop) == backup)
        machine.leave(restore)
        machine.leave(backup)
        #expect(machine == PhysicalMachine())
    }
}
