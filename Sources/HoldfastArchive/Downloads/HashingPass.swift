import Crypto
import HoldfastModel

/// Hashes files as their content passes and writes the line of each entry when its turn comes. Used by one task.
final class HashingPass {
    private static let pieceBytes = 256 << 10

    private let list: ([UInt8]) async throws -> Void
    private let progress: (Int64, Int64) -> Void
    /// Begun, and not yet written: few, as members are taken only a little ahead.
    private var waiting: [(entry: MediaEntry, isHashed: Bool)] = []
    private var written = 0
    private var hasher = SHA256()
    private var piece: [UInt8] = []
    private var (hashedBytes, items) = (Int64(0), Int64(0))
    private(set) var listBytes: UInt64 = 0

    init(list: @escaping ([UInt8]) async throws -> Void, progress: @escaping (Int64, Int64) -> Void) {
        self.list = list
        self.progress = progress
    }

    /// What has to pass for the entry's line. Content that is not hashed is read all the same, without its holes.
    func begin(_ entry: MediaEntry, holeLimit: UInt64) -> StreamMember {
        if written == waiting.count { (waiting, written) = ([], 0) }
        var kept = entry
        guard case .file(let size, let extents, let chunks) = entry.kind, TarMember.isHeld(entry) else {
            waiting.append((kept, false))
            return StreamMember(pieces: [.mark])
        }
        kept.kind = .file(size: size, extents: [], chunks: [])
        let isHashed = TarMember.holes(size, extents) <= holeLimit
        waiting.append((kept, isHashed))
        var member = TarMember.plainFile(size: size, extents: extents, chunks: chunks)
        if !isHashed { member.pieces.removeAll { if case .zeros = $0 { true } else { false } } }
        member.pieces.append(.mark)
        return member
    }

    func hash(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        hashedBytes += Int64(bytes.count)
        progress(hashedBytes, items)
    }

    /// The next entry's content has passed.
    func ended() async throws {
        let (entry, isHashed) = waiting[written]
        written += 1
        items += 1
        var hash: [UInt8]?
        if case .file = entry.kind {
            let digest = Array(hasher.finalize())
            hasher = SHA256()
            if isHashed { hash = digest }
        }
        if let line = TarListing.line(entry, hash: hash) { try await write(line) }
    }

    func write(_ bytes: [UInt8]) async throws {
        listBytes += UInt64(bytes.count)
        piece += bytes
        if piece.count >= Self.pieceBytes { try await flush() }
    }

    func flush() async throws {
        let full = piece
        piece = []
        if !full.isEmpty { try await list(full) }
    }
}
