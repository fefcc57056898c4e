import Foundation
import HoldfastModel
import Testing

@Suite struct BackupMachineTests {
    private let services = [ServiceReference(.database), ServiceReference(.media)]

    private func machine() throws -> BackupMachine {
        BackupMachine(backup: try identifier(1), services: services)
    }

    /// A job that was journalled before there was a choice reads what changed.
    @Test func fullReadIsKept() throws {
        for fullRead in [false, true] {
            let machine = BackupMachine(backup: try identifier(1), services: [], fullRead: fullRead)
            let text = try JSONEncoder().encode(machine)
            #expect(String(decoding: text, as: UTF8.self).contains("readsAll") == fullRead)
            #expect(try JSONDecoder().decode(BackupMachine.self, from: text).fullRead == fullRead)
        }
    }

    @Test func completesByCaptureAndRecord() throws {
        var machine = try machine()
        #expect(machine.action == .capture(attempt: 1))
        let (parts, receipt) = (services.map(part), try HoldfastModelTests.receipt(objects: 4, [(1, "eu", 4)]))
        machine.apply(.captured(parts: parts, receipt: receipt))
        #expect(machine.action == .record(parts: parts, receipt: receipt))
        machine.apply(.lost)
        #expect(machine.action == .record(parts: parts, receipt: receipt))
        machine.apply(.recorded)
        #expect(machine.ending == .complete)
        #expect(machine.action == nil)
    }

    /// What was captured is recorded however long that takes, each time after a pause, unless somebody calls it off.
    @Test func recordingIsPatient() throws {
        var machine = try machine()
        machine.apply(.failed(later))
        let receipt = try HoldfastModelTests.receipt(objects: 4, [(1, "eu", 4)])
        machine.apply(.captured(parts: services.map(part), receipt: receipt))
        #expect(machine.attempt == 1)
        for attempt in 2...20 {
            machine.apply(.failed(later))
            #expect(machine.step == .record && machine.attempt == attempt)
        }
        #expect(machine.isCancellable)
        var stayingWrong = machine
        machine.apply(.cancelled)
        #expect(machine.ending == .cancelled && !machine.isCancellable)
        let error = HoldfastError(.checkFailed, "")
        stayingWrong.apply(.failed(error))
        #expect(stayingWrong.ending == .failed(error))
    }

    @Test func tryAgainWhatMaySucceedLaterThreeTimes() throws {
        var machine = try machine()
        for attempt in 2...BackupMachine.attemptLimit {
            machine.apply(.failed(later))
            #expect(machine.action == .capture(attempt: attempt))
        }
        machine.apply(.failed(later))
        #expect(machine.ending == .failed(later))
    }

    @Test(arguments: [ErrorCode.checkFailed, .notAllowedHere, .corrupt, .loginRefused, .internal])
    func endsAtOnceOnWhatStaysWrong(_ code: ErrorCode) throws {
        var machine = try machine()
        machine.apply(.failed(HoldfastError(code, "")))
        #expect(machine.ending == .failed(HoldfastError(code, "")))
    }

    @Test func aStaleLayoutIsWorthAnotherAttempt() throws {
        var machine = try machine()
        machine.apply(.failed(HoldfastError(.staleLayout, "")))
        #expect(machine.action == .capture(attempt: 2))
    }

    @Test func aLostNodeCostsNoAttempt() throws {
        var machine = try machine()
        for _ in 0..<10 { machine.apply(.lost) }
        #expect(machine.action == .capture(attempt: 1))
    }

    @Test func cancelEndsACapture() throws {
        var machine = try machine()
        machine.apply(.cancelled)
        #expect(machine.ending == .cancelled)
        machine.apply(.captured(parts: services.map(part), receipt: try receipt(objects: 4, [(1, "eu", 4)])))
        #expect(machine.ending == .cancelled)
    }

    @Test func partsOfOtherServicesOrAnEmptyReceiptAreNoSuccess() throws {
        let good = try HoldfastModelTests.receipt(objects: 4, [(1, "eu", 4)])
        for (parts, receipt) in [
            ([part(services[0])], good), (services.map(part) + [part(services[0])], good),
            (services.map(part), try HoldfastModelTests.receipt(objects: 3, [(1, "eu", 3)])),
            (services.map(part), try HoldfastModelTests.receipt(objects: 4, [])),
        ] {
            var machine = try machine()
            machine.apply(.captured(parts: parts, receipt: receipt))
            guard case .failed = machine.ending else {
                Issue.record("\(parts.count) parts, \(receipt.objects) objects were believed")
                continue
            }
        }
    }
}
