package import HoldfastModel
import Synchronization

/// Holds what all jobs of a node send to storage, or read from it, to the rate of its timetable: evenly, and without bursts.
package final class Bandwidth: Sendable {
    private let timetable: BandwidthTimetable
    private let time: any TimeSource
    private let pacer = Mutex(Pacer())

    /// Waits shorter than that are not worth a sleep; what they would have held up is held up later.
    private static let shortest = Duration.milliseconds(1)

    package init(_ timetable: BandwidthTimetable, time: any TimeSource) {
        self.timetable = timetable
        self.time = time
    }

    /// Returns when these bytes may go.
    /// - Throws: `CancellationError`; their turn is then lost.
    package func pass(_ bytes: Int) async throws {
        let (now, uptime) = (time.now, time.uptime)
        let wait = pacer.withLock { pacer in
            let start = pacer.start(at: uptime)
            let rate = timetable.rate(at: now.advanced(by: start - uptime))
            return pacer.pass(bytes, at: uptime, rate: rate) - uptime
        }
        if wait > Self.shortest { try await time.sleep(for: wait) }
    }

    /// How many bytes had best go at once.
    package func pieceBytes(atMost limit: Int) -> Int {
        Pacer.pieceBytes(at: timetable.rate(at: time.now), atMost: limit)
    }
}
