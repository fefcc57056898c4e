import HoldfastModel
import Synchronization

/// Reads a range of bytes from nodes, in order: one that fails is followed by another, which goes on at the same byte.
struct ResumedReading: Sendable {
    /// How often in a row a node may fail before the reading does.
    private static let attempts = 3

    let office: Office

    /// - Parameter attempt: reads from where `place` is to the range's end, and advances it.
    func run(
        _ range: Range<Int64>, _ attempt: @Sendable (Range<Int64>, Place) async throws -> Void
    ) async throws {
        let place = Place(range.lowerBound)
        var failures = 0
        while place.given < range.upperBound {
            let before = place.given
            do {
                try await attempt(before..<range.upperBound, place)
                guard place.given == range.upperBound else {
                    throw HoldfastError(.corrupt, "The worker gave another number of bytes than it was asked for")
                }
            } catch let error as HoldfastError where [.unavailable, .timedOut, .staleLayout].contains(error.code) {
                failures = place.given > before ? 1 : failures + 1
                guard failures < Self.attempts else { throw error }
                try await office.time.sleep(for: office.configuration.retryPause)
            }
        }
    }

    /// The next byte to give.
    final class Place: Sendable {
        private let next: Mutex<Int64>

        init(_ start: Int64) { next = Mutex(start) }

        var given: Int64 { next.withLock { $0 } }

        func advance(_ count: Int) { next.withLock { $0 += Int64(count) } }
    }
}
