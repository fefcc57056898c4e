import HoldfastModel
package import HoldfastNode

/// A node's data directory on a `MemoryVolume`, as one process sees it.
package struct MemoryDisk: Disk {
    package let volume: MemoryVolume
    let alive: @Sendable () throws -> Void
    let before: @Sendable (DiskStep) async throws -> Void

    /// - Parameters:
    ///   - alive: throws once the process is dead; what it asks for then has no effect.
    ///   - before: called before each step; it may take time, and what it throws is the step's failure.
    package init(
        volume: MemoryVolume = MemoryVolume(), alive: @escaping @Sendable () throws -> Void = {},
        before: @escaping @Sendable (DiskStep) async throws -> Void = { _ in }
    ) {
        (self.volume, self.alive, self.before) = (volume, alive, before)
    }

    func step<Result: Sendable>(
        _ step: DiskStep, onFailure: @Sendable (inout MemoryVolume.State) -> Void = { _ in },
        _ body: @Sendable (inout MemoryVolume.State) throws -> Result
    ) async throws -> Result {
        try alive()
        do {
            try await before(step)
        } catch {
            volume.state.withLock { onFailure(&$0) }
            throw error
        }
        try alive()
        return try volume.state.withLock { state in
            do {
                try state.count(step)
            } catch {
                onFailure(&state)
                throw error
            }
            return try body(&state)
        }
    }

    package func create(_ path: String) async throws -> any DiskFile {
        try await step(DiskStep(.create, path)) { state in
            guard (try? state.file(path)) == nil else { throw HoldfastError(.alreadyExists, path) }
            let file = MemoryVolume.File()
            try state.set(path, to: file)
            return MemoryFile(disk: self, path: path, file: file)
        }
    }

    package func openForAppending(_ path: String) async throws -> any DiskFile { try await open(path) }
    package func openForReading(_ path: String) async throws -> any DiskFile { try await open(path) }

    private func open(_ path: String) async throws -> any DiskFile {
        try await step(DiskStep(.open, path)) { MemoryFile(disk: self, path: path, file: try $0.file(path)) }
    }

    package func makeDirectory(_ path: String) async throws {
        try await step(DiskStep(.make, path)) { state in
            // Made and synced at once, as the driver does; a tear within is the file system's own.
            var current = ""
            for component in path.split(separator: "/").map(String.init) {
                state.directories[current]?.folders.insert(component)
                current += (current.isEmpty ? "" : "/") + component
                if state.directories[current] == nil { state.directories[current] = .init() }
            }
        }
    }

    package func syncDirectory(_ path: String) async throws {
        try await step(DiskStep(.syncDirectory, path)) { state in
            guard state.directories[path] != nil else { throw HoldfastError(.notFound, "no \(path)") }
            state.directories[path]?.before = [:]
        }
    }

    package func rename(_ path: String, to newPath: String) async throws {
        try await step(DiskStep(.rename, path, newPath: newPath)) { state in
            let file = try state.file(path)
            let replaced = try? state.file(newPath)
            guard replaced !== file else { return }
            try state.set(newPath, to: file)
            try state.set(path, to: nil)
            state.used -= Int64(replaced?.bytes.count ?? 0)
        }
    }

    package func remove(_ path: String) async throws {
        try await step(DiskStep(.remove, path)) { state in
            let file = try state.file(path)
            try state.set(path, to: nil)
            state.used -= Int64(file.bytes.count)
        }
    }

    package func list(_ directory: String) async throws -> [DiskEntry] {
        try await step(DiskStep(.list, directory)) { state in
            guard let content = state.directories[directory] else { return [] }
            let entries =
                content.folders.map { DiskEntry(name: $0, isDirectory: true) }
                + content.files.keys.map { DiskEntry(name: $0, isDirectory: false) }
            return entries.sorted { $0.name < $1.name }
        }
    }

    package func size(of path: String) async throws -> Int64? {
        try await step(DiskStep(.size, path)) { state in (try? state.file(path)).map { Int64($0.bytes.count) } }
    }

    package func space() async throws -> DiskSpace {
        try await step(DiskStep(.space)) { state in
            DiskSpace(capacity: state.capacity, free: max(0, state.capacity - state.used))
        }
    }

    package func lock(_ path: String) async throws -> any Sendable {
        try await step(DiskStep(.lock, path)) { state in
            if let holder = state.locks[path], (try? holder.alive()) != nil {
                throw HoldfastError(.busy, "The data directory is in use by another process")
            }
            state.lockCount += 1
            state.locks[path] = .init(number: state.lockCount, alive: alive)
            return MemoryLock(volume: volume, path: path, number: state.lockCount)
        }
    }
}
