import Foundation
import HoldfastModel
import Testing

@Suite struct FileRestoreMachineTests {
    private func machine() throws -> FileRestoreMachine {
        let environment = try EnvironmentReference("shop/live")
        return FileRestoreMachine(
            plan: .init(
                backup: try identifier(1), source: ServiceReference(.media), path: "a", destination: environment,
                service: ServiceReference(.media), place: "a", replaces: false, node: try identifier(2)))
    }

    private let report = FileRestoreReport(place: "a", counts: MediaCounts())
    private let refused = HoldfastError(.alreadyExists, "It is there")

    @Test func tidiesUpBeforeItEnds() throws {
        var machine = try machine()
        #expect(machine.action == .claim && !machine.holdsClaim)
        machine.apply(.claimed)
        #expect(machine.action == .place && machine.holdsClaim && machine.isCancellable)
        machine.apply(.placed(report))
        #expect(machine.action == .tidy && machine.holdsClaim && machine.ending == nil && !machine.isCancellable)
        machine.apply(.cancelled)
        machine.apply(.tidied(nil))
        #expect(machine.action == nil && !machine.holdsClaim && machine.ending == .finished(report))
        #expect(machine.wrapped.status == .succeeded)
    }

    @Test func whatFailedLeavesNothingBeside() throws {
        var machine = try machine()
        machine.apply(.claimed)
        machine.apply(.failed(refused))
        #expect(machine.action == .tidy)
        // However often the node is away.
        for _ in 1...20 { machine.apply(.failed(later)) }
        #expect(machine.action == .tidy)
        machine.apply(.tidied(nil))
        #expect(machine.ending == .failed(refused))
    }

    /// The node had placed it, and its answer was lost or came too late.
    @Test func whatWasPlacedIsTold() throws {
        for event in [FileRestoreMachine.Event.failed(refused), .cancelled] {
            var machine = try machine()
            machine.apply(.claimed)
            machine.apply(event)
            machine.apply(.tidied(report))
            #expect(machine.ending == .finished(report))
        }
    }

    @Test func nothingIsBegunWithoutAClaim() throws {
        var machine = try machine()
        for _ in 1..<FileRestoreMachine.attemptLimit { machine.apply(.failed(later)) }
        #expect(machine.action == .claim)
        machine.apply(.failed(later))
        #expect(machine.ending == .failed(later))
        var cancelled = try self.machine()
        cancelled.apply(.cancelled)
        #expect(cancelled.ending == .cancelled && cancelled.wrapped.status == .cancelled)
    }

    @Test func isReadBackAsItWasWritten() throws {
        var machine = try machine()
        machine.apply(.claimed)
        machine.apply(.placed(report))
        let read = try JSONDecoder().decode(Job.Machine.self, from: JSONEncoder().encode(machine.wrapped))
        #expect(read == machine.wrapped)
    }
}
