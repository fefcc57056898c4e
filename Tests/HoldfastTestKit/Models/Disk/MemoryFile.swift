import HoldfastModel
import HoldfastNode

/// An open file of a `MemoryDisk`.
struct MemoryFile: DiskFile {
    let disk: MemoryDisk
    let path: String
    let file: MemoryVolume.File

    func append(_ bytes: [UInt8]) async throws {
        try await disk.step(DiskStep(.append, path)) { state in
            // A disk that fills up takes what it has room for, as the system's own calls do.
            let taken = min(bytes.count, Int(max(0, state.capacity - state.used)))
            file.bytes += taken == bytes.count ? bytes[...] : bytes[..<taken]
            state.used += Int64(taken)
            guard taken == bytes.count else { throw HoldfastError(.noSpace, "No room for \(path)") }
        }
    }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await disk.step(DiskStep(.read, path)) { _ in
            Array(file.bytes.dropFirst(Int(offset)).prefix(count))
        }
    }

    func sync() async throws {
        try await disk.step(DiskStep(.sync, path), onFailure: { _ in file.isLost = true }) { _ in
            if !file.isLost { file.durable = file.bytes.count }
        }
    }

    func close() {}
}

/// A lock that is held for as long as this lives.
final class MemoryLock: Sendable {
    private let volume: MemoryVolume
    private let path: String
    private let number: Int

    init(volume: MemoryVolume, path: String, number: Int) {
        (self.volume, self.path, self.number) = (volume, path, number)
    }

    deinit {
        volume.state.withLock { state in
            if state.locks[path]?.number == number { state.locks[path] = nil }
        }
    }
}
