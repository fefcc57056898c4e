#if DEBUG
    import HoldfastNode

    /// A node's disk on which each file that gets its name, or loses it, is a point to halt at: `disk.work.rename:before`
    /// for the notes in `work/`.
    struct HaltingDisk: Disk {
        let disk: any Disk
        let halts: Halts

        func create(_ path: String) async throws -> any DiskFile { try await disk.create(path) }

        func openForAppending(_ path: String) async throws -> any DiskFile { try await disk.openForAppending(path) }

        func openForReading(_ path: String) async throws -> any DiskFile { try await disk.openForReading(path) }

        func openUncached(_ path: String) async throws -> any DiskFile { try await disk.openUncached(path) }

        func makeDirectory(_ path: String) async throws { try await disk.makeDirectory(path) }

        func syncDirectory(_ path: String) async throws { try await disk.syncDirectory(path) }

        func rename(_ path: String, to newPath: String) async throws {
            try await halts.around("disk.\(Self.area(newPath)).rename") { try await disk.rename(path, to: newPath) }
        }

        func remove(_ path: String) async throws {
            try await halts.around("disk.\(Self.area(path)).remove") { try await disk.remove(path) }
        }

        func list(_ directory: String) async throws -> [DiskEntry] { try await disk.list(directory) }

        func size(of path: String) async throws -> Int64? { try await disk.size(of: path) }

        func space() async throws -> DiskSpace { try await disk.space() }

        func lock(_ path: String) async throws -> any Sendable { try await disk.lock(path) }

        private static func area(_ path: String) -> Substring { path.prefix { $0 != "/" } }
    }
#endif
