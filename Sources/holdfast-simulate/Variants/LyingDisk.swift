import HoldfastModel
import HoldfastNode

/// A disk that says it has done what it has not.
struct LyingDisk: Disk {
    let disk: any Disk
    let variant: Variant

    func create(_ path: String) async throws -> any DiskFile { try await wrap(disk.create(path)) }
    func openForAppending(_ path: String) async throws -> any DiskFile { try await wrap(disk.openForAppending(path)) }
    func openForReading(_ path: String) async throws -> any DiskFile { try await disk.openForReading(path) }
    func makeDirectory(_ path: String) async throws { try await disk.makeDirectory(path) }

    func syncDirectory(_ path: String) async throws {
        if variant == .forgetsDirectorySyncs { return }
        try await disk.syncDirectory(path)
    }

    func rename(_ path: String, to newPath: String) async throws {
        let isForgotten =
            switch variant {
            case .nodeForgetsEpochs: newPath == "epoch"
            case .forgetsWorkNotes: newPath.hasPrefix("work/")
            case .collectsWithoutHold: newPath.hasPrefix("holds/")
            default: false
            }
        if isForgotten { try await disk.remove(path) } else { try await disk.rename(path, to: newPath) }
    }

    func remove(_ path: String) async throws { try await disk.remove(path) }
    func list(_ directory: String) async throws -> [DiskEntry] { try await disk.list(directory) }

    func size(of path: String) async throws -> Int64? {
        let size = try await disk.size(of: path)
        return size ?? (variant == .holdsUnseen && path.hasPrefix("objects/shard/") ? 1 : nil)
    }

    func space() async throws -> DiskSpace { try await disk.space() }
    func lock(_ path: String) async throws -> any Sendable { try await disk.lock(path) }

    private func wrap(_ file: any DiskFile) -> any DiskFile {
        variant == .forgetsFileSyncs ? UnsyncedFile(file: file) : file
    }
}

/// A file whose syncs do nothing.
private struct UnsyncedFile: DiskFile {
    let file: any DiskFile

    func append(_ bytes: [UInt8]) async throws { try await file.append(bytes) }
    func read(at offset: Int64, count: Int) async throws -> [UInt8] { try await file.read(at: offset, count: count) }
    func sync() async throws {}
    func close() async { await file.close() }
}
