import HoldfastModel
package import HoldfastWire
import Synchronization

/// A link that breaks after a number of sent frames drawn from a seed; the last of them may be lost.
package final class LossyLink: Link {
    package enum Fault: Hashable, Sendable {
        /// The last frame arrives, then nothing.
        case cut
        /// The last frame is torn: it never arrives.
        case truncated
    }

    package let fault: Fault
    /// How many frames are sent before it breaks.
    package let framesBeforeFault: Int
    package var peer: Peer { link.peer }
    private let link: MemoryLink
    private let sent = Mutex(0)

    package init(_ link: MemoryLink, seed: UInt64, upTo limit: Int) {
        self.link = link
        // Two steps of a linear congruence are enough to spread neighbouring seeds.
        let number = (seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407) &* 6_364_136_223_846_793_005
        framesBeforeFault = 1 + Int(number >> 33) % limit
        fault = number >> 32 & 1 == 0 ? .cut : .truncated
    }

    package func send(_ frame: Frame) async throws {
        let number = sent.withLock { sent in
            sent += 1
            return sent
        }
        if number < framesBeforeFault || number == framesBeforeFault && fault == .cut { try await link.send(frame) }
        if number >= framesBeforeFault { link.cut() }
    }

    package func receive() async throws -> Frame? { try await link.receive() }

    package func close() async { await link.close() }
}
