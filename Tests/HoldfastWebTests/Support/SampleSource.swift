import Foundation
import HoldfastCommands
import HoldfastModel
import Synchronization

/// A download of one file that is not there: its bytes are made as they are asked for.
final class SampleSource: DownloadSource {
    static let now = Timestamp(milliseconds: 1_790_000_000_250)
    static let hash = String(repeating: "5a", count: 32)

    struct State {
        var refusal: LinkRefusal?
        var isUnavailable = false
        /// After so many bytes the reading fails.
        var failsAfter: Int64?
        var given: Int64 = 0
        var reading = 0
    }

    let state = Mutex(State())
    let bytes: Int64
    let name: String

    init(bytes: Int64 = 300_000, name: String = "shop-live-media.tar") {
        self.bytes = bytes
        self.name = name
    }

    static func byte(at offset: Int64) -> UInt8 { UInt8(truncatingIfNeeded: offset &* 31 + offset >> 9) }

    static func content(_ range: Range<Int64>) -> [UInt8] { range.map(byte) }

    let link: DownloadLink = {
        guard let id = DownloadID("01aaaaaaaaaa") else { preconditionFailure() }
        return DownloadLink(
            download: id, number: 1, expires: 1_900_000_000, signature: [UInt8](repeating: 7, count: 32))
    }()

    var path: String { link.path(name: name) }

    func file(at link: DownloadLink) async throws -> LinkedFile {
        let (refusal, isUnavailable) = state.withLock { ($0.refusal, $0.isUnavailable) }
        if let refusal { throw refusal }
        if isUnavailable { throw HoldfastError(.unavailable, "no node") }
        guard link == self.link else { throw LinkRefusal.notGenuine }
        return LinkedFile(
            download: link.download, number: 1,
            file: DownloadFile(
                content: .part(ServiceReference(.media)), name: name, type: "application/x-tar", bytes: bytes,
                sha256: Self.hash, capturedAt: Self.now, layout: ""), readyAt: Self.now)
    }

    func read(
        _ file: LinkedFile, _ range: Range<Int64>, to give: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        state.withLock { $0.reading += 1 }
        defer { state.withLock { $0.reading -= 1 } }
        var at = range.lowerBound
        while at < range.upperBound {
            let end = min(at + 65_536, range.upperBound)
            let piece = bytes <= 10_000_000 ? Self.content(at..<end) : [UInt8](repeating: 1, count: Int(end - at))
            try await give(piece)
            let failsAfter = state.withLock { state in
                state.given += Int64(piece.count)
                return state.failsAfter
            }
            at = end
            if let failsAfter, at - range.lowerBound >= failsAfter { throw HoldfastError(.corrupt, "a bit flipped") }
        }
    }
}
