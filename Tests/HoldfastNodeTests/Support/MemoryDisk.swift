import Foundation
import HoldfastModel

@testable import HoldfastNode

/// A disk in memory that forgets what a real one may forget: a crash keeps of every unsynced file any prefix, perhaps with
/// a torn end, and of every unsynced directory each change or not.
final class MemoryDisk: Disk, @unchecked Sendable {
    struct Crashed: Error {}

    final class File {
        var bytes: [UInt8] = []
        /// How many of the bytes a crash can't take.
        var durable = 0
        /// After a failed sync the kernel drops the dirty pages: they look written and are not.
        var isLost = false
    }

    struct State {
        var directories: [String: [String: File]] = ["": [:]]
        var durable: [String: [String: File]] = ["": [:]]
        var step = 0
        var crashStep: Int?
        /// What the next step that begins so fails with.
        var failures: [String: ErrorCode] = [:]
        var free: Int64 = 1 << 40
        var isLocked = false
        var trace: [String] = []
    }

    private let mutex = NSLock()
    // Touched only with the lock held.
    private var values = State()

    private func withState<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        mutex.lock()
        defer { mutex.unlock() }
        return try body(&values)
    }

    /// Counts a step, and fails it where that was asked for.
    private func step<Result>(
        _ what: String, onFailure: (inout State) -> Void = { _ in }, _ body: (inout State) throws -> Result
    ) throws -> Result {
        try withState { state in
            if let crash = state.crashStep, state.step >= crash { throw Crashed() }
            state.step += 1
            state.trace.append(what)
            if let (prefix, code) = state.failures.first(where: { what.hasPrefix($0.key) }) {
                state.failures[prefix] = nil
                onFailure(&state)
                throw HoldfastError(code, "\(what): injected")
            }
            return try body(&state)
        }
    }

    var steps: Int { withState { $0.step } }
    func crash(at step: Int) { withState { $0.crashStep = $0.step + step } }
    func fail(next step: String, with code: ErrorCode) { withState { $0.failures[step] = code } }
    /// What was asked of the disk, one line a step.
    func trace() -> [String] { withState { $0.trace } }
    func resetTrace() { withState { $0.trace = [] } }
    func setFree(_ bytes: Int64) { withState { $0.free = bytes } }

    /// The power fails and comes back.
    func crash(seed: UInt64) {
        withState { state in
            var random = SeededRandom(seed: seed)
            var next: [String: [String: File]] = [:]
            for (directory, entries) in state.directories.sorted(by: { $0.key < $1.key }) {
                let before = state.durable[directory] ?? [:]
                var kept = before
                for name in Set(entries.keys).union(before.keys).sorted() where random.next() & 1 == 0 {
                    kept[name] = entries[name]
                }
                next[directory] = kept
            }
            var seen: Set<ObjectIdentifier> = []
            for file in next.sorted(by: { $0.key < $1.key }).flatMap({ $0.value.sorted { $0.key < $1.key } }).map(
                \.value)
            where seen.insert(ObjectIdentifier(file)).inserted {
                let length = file.durable + Int(random.next() % UInt64(file.bytes.count - file.durable + 1))
                file.bytes.removeSubrange(length...)
                if length > file.durable, random.next() & 1 == 0 { file.bytes[length - 1] ^= 0xff }
                file.durable = file.bytes.count
                file.isLost = false
            }
            state.directories = next
            state.durable = next
            state.crashStep = nil
            state.failures = [:]
            state.isLocked = false
        }
    }

    func create(_ path: String) throws -> any DiskFile {
        try step("create \(path)") { state in
            let (directory, name) = Self.split(path)
            guard state.directories[directory] != nil else { throw Self.absent(path) }
            guard state.directories[directory]?[name] == nil else { throw HoldfastError(.alreadyExists, path) }
            let file = File()
            state.directories[directory]?[name] = file
            return MemoryFile(disk: self, path: path, file: file)
        }
    }

    func openForAppending(_ path: String) throws -> any DiskFile { try open(path) }
    func openForReading(_ path: String) throws -> any DiskFile { try open(path) }

    private func open(_ path: String) throws -> any DiskFile {
        try step("open \(path)") { state in MemoryFile(disk: self, path: path, file: try Self.file(path, state)) }
    }

    func makeDirectory(_ path: String) throws {
        try step("make \(path)") { state in
            var current = ""
            for component in path.split(separator: "/") {
                current += (current.isEmpty ? "" : "/") + component
                // Made and synced at once, as the driver does; a tear within is the file system's own.
                if state.directories[current] == nil {
                    (state.directories[current], state.durable[current]) = ([:], [:])
                }
            }
        }
    }

    func syncDirectory(_ path: String) throws {
        try step("sync directory \(path)") { state in state.durable[path] = state.directories[path] }
    }

    func rename(_ path: String, to newPath: String) throws {
        try step("rename \(path) \(newPath)") { state in
            let file = try Self.file(path, state)
            let (from, to) = (Self.split(path), Self.split(newPath))
            guard state.directories[to.directory] != nil else { throw Self.absent(newPath) }
            state.directories[from.directory]?[from.name] = nil
            state.directories[to.directory]?[to.name] = file
        }
    }

    func remove(_ path: String) throws {
        try step("remove \(path)") { state in
            _ = try Self.file(path, state)
            let (directory, name) = Self.split(path)
            state.directories[directory]?[name] = nil
        }
    }

    func list(_ directory: String) throws -> [DiskEntry] {
        try step("list \(directory)") { state in
            let prefix = directory.isEmpty ? "" : directory + "/"
            let folders = state.directories.keys.filter {
                $0.hasPrefix(prefix) && !$0.isEmpty && !$0.dropFirst(prefix.count).contains("/") && $0 != directory
            }
            let files = state.directories[directory, default: [:]].keys
            return
                (folders.map { DiskEntry(name: String($0.dropFirst(prefix.count)), isDirectory: true) }
                + files.map { DiskEntry(name: $0, isDirectory: false) }).sorted { $0.name < $1.name }
        }
    }

    func size(of path: String) throws -> Int64? {
        try step("size \(path)") { state in (try? Self.file(path, state)).map { Int64($0.bytes.count) } }
    }

    func space() throws -> DiskSpace {
        withState { DiskSpace(capacity: 1 << 40, free: $0.free) }
    }

    func lock(_ path: String) throws -> any Sendable {
        try step("lock") { state in
            guard !state.isLocked else { throw HoldfastError(.busy, "in use") }
            state.isLocked = true
            return true
        }
    }

    fileprivate func append(_ bytes: [UInt8], to file: File, path: String) throws {
        try step("append \(path)") { state in
            guard state.free >= Int64(bytes.count) else { throw HoldfastError(.noSpace, "No space left") }
            state.free -= Int64(bytes.count)
            file.bytes += bytes
        }
    }

    fileprivate func sync(_ file: File, path: String) throws {
        try step("sync \(path)", onFailure: { _ in file.isLost = true }) { _ in
            if !file.isLost { file.durable = file.bytes.count }
        }
    }

    fileprivate func read(_ file: File, path: String, at offset: Int64, count: Int) throws -> [UInt8] {
        try step("read \(path)") { _ in Array(file.bytes.dropFirst(Int(offset)).prefix(count)) }
    }

    /// Flips a bit of a stored file.
    func spoil(_ path: String) throws {
        try withState { state in
            let file = try Self.file(path, state)
            file.bytes[file.bytes.count / 2] ^= 1
        }
    }

    private static func split(_ path: String) -> (directory: String, name: String) {
        (DiskPath.parent(of: path), DiskPath.name(of: path))
    }

    private static func file(_ path: String, _ state: State) throws -> File {
        let (directory, name) = split(path)
        guard let file = state.directories[directory]?[name] else { throw absent(path) }
        return file
    }

    private static func absent(_ path: String) -> HoldfastError { HoldfastError(.notFound, "no \(path)") }
}

private final class MemoryFile: DiskFile, @unchecked Sendable {
    // Touched only within the disk's lock.
    private let file: MemoryDisk.File
    private let disk: MemoryDisk
    private let path: String

    init(disk: MemoryDisk, path: String, file: MemoryDisk.File) {
        (self.disk, self.path, self.file) = (disk, path, file)
    }

    func append(_ bytes: [UInt8]) throws { try disk.append(bytes, to: file, path: path) }
    func read(at offset: Int64, count: Int) throws -> [UInt8] {
        try disk.read(file, path: path, at: offset, count: count)
    }
    func sync() throws { try disk.sync(file, path: path) }
    func close() {}
}

struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
