import Glibc
import HoldfastModel
import HoldfastNode
import HoldfastTestKit

/// How long a node's disk takes, and what goes wrong with it.
final class NodeFaults: @unchecked Sendable {
    // Touched by the executor's one thread.
    var chance = Chance(seed: 0)
    /// One write, sync or rename in so many fails; nil for none.
    var failsOneIn: Int?
    /// One change to a media tree in so many fails; nil for none.
    var treeFailsOneIn: Int?

    /// Called before each step of the disk.
    func before(_ step: DiskStep, _ life: Life) async throws {
        switch step.call {
        case .open, .list, .size, .space, .lock, .read: return try life.pass()
        case .create, .make, .rename, .remove, .append: break
        case .sync, .syncDirectory:
            Trace.shared.note(.disk, "\(life.process): \(step)")
            await Pause.take(chance.duration(.microseconds(50) ... .milliseconds(5)), in: life)
        }
        try life.pass()
        if let failsOneIn, chance.isOne(in: failsOneIn) {
            Trace.shared.note(.fault, "\(life.process): \(step) fails")
            throw HoldfastError(.inputOutput, "\(step): input/output error")
        }
    }

    /// Called before each call on a media tree.
    func before(_ call: FileCall, _ name: [UInt8], _ life: Life) throws(CallFailure) {
        if call.changes {
            do { try life.pass() } catch { throw CallFailure(EIO) }
            if call == .rename || call == .remove || call == .sync || call == .syncFileSystem {
                Trace.shared.note(.tree, "\(life.process): \(call) \(String(decoding: name, as: UTF8.self))")
            }
        } else if !life.isAlive {
            throw CallFailure(EIO)
        }
        guard call.changes, let treeFailsOneIn, chance.isOne(in: treeFailsOneIn) else { return }
        Trace.shared.note(.fault, "\(life.process): \(call) of a tree fails")
        throw CallFailure(chance.isOne(in: 2) ? EIO : ENOSPC)
    }
}
