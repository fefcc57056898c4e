package import HoldfastModel
import HoldfastNode
import Synchronization

/// What a `MemoryDisk` stores: it outlives the processes that use it, and knows what of it a power cut may take.
package final class MemoryVolume: Sendable {
    /// Where a test wanted the disk to end.
    package struct Crashed: Error {}

    /// Touched only with the volume's lock held.
    final class File: @unchecked Sendable {
        var bytes: [UInt8] = []
        /// How many of the bytes a power cut can't take.
        var durable = 0
        /// After a failed sync the kernel drops the dirty pages: they look written and are not.
        var isLost = false
    }

    struct Directory {
        var files: [String: File] = [:]
        var folders: Set<String> = []
        /// What the names that changed since the last sync stood for then: nil for no file.
        var before: [String: File?] = [:]

        mutating func set(_ name: String, to file: File?) {
            if before.index(forKey: name) == nil { before.updateValue(files[name], forKey: name) }
            files[name] = file
        }
    }

    struct State {
        var directories: [String: Directory] = ["": Directory()]
        var used: Int64 = 0
        var capacity: Int64
        var locks: [String: LockHolder] = [:]
        var lockCount = 0

        var steps = 0
        var crashStep: Int?
        /// What the next step that begins so fails with.
        var failures: [String: ErrorCode] = [:]
        /// Nil unless somebody asked for it.
        var trace: [DiskStep]?
    }

    struct LockHolder {
        var number: Int
        /// A process that died holds no locks, whatever still refers to what it held.
        var alive: @Sendable () throws -> Void
    }

    let state: Mutex<State>

    package init(capacity: Int64 = 1 << 40) { state = Mutex(State(capacity: capacity)) }

    // MARK: What happens to disks

    /// The disk below these directories is exchanged for an empty one.
    package func lose(below roots: Set<String>) {
        state.withLock { state in
            func isLost(_ path: String) -> Bool { roots.contains(String(path.prefix { $0 != "/" })) }
            for path in state.directories.keys where isLost(path) {
                for file in (state.directories[path]?.files ?? [:]).values { state.used -= Int64(file.bytes.count) }
                state.directories[path] = nil
            }
            for root in roots { state.directories[""]?.folders.remove(root) }
        }
    }

    /// The power fails and comes back. Of each name that was not synced the present file or the former one is there. Of
    /// each file some of what was not synced is there: any length of it, and of each sector what was written, zeros or
    /// other bytes.
    package func powerCut(using random: inout some RandomNumberGenerator) {
        state.withLock { state in
            var files: [File] = []
            for path in state.directories.keys.sorted() {
                guard var directory = state.directories[path] else { continue }
                for (name, file) in directory.before.sorted(by: { $0.key < $1.key }) where Bool.random(using: &random) {
                    directory.files[name] = file
                }
                directory.before = [:]
                state.directories[path] = directory
                files += directory.files.sorted { $0.key < $1.key }.map(\.value)
            }
            state.used = 0
            var seen: Set<ObjectIdentifier> = []
            for file in files where seen.insert(ObjectIdentifier(file)).inserted {
                Self.tear(file, using: &random)
                state.used += Int64(file.bytes.count)
            }
            (state.crashStep, state.failures, state.locks) = (nil, [:], [:])
        }
    }

    private static func tear(_ file: File, using random: inout some RandomNumberGenerator) {
        file.isLost = false
        guard file.bytes.count > file.durable else { return }
        file.bytes.removeSubrange(Int.random(in: file.durable...file.bytes.count, using: &random)...)
        for start in stride(from: file.durable, to: file.bytes.count, by: 4096) {
            let sector = start..<min(start + 4096, file.bytes.count)
            switch UInt8.random(in: 0..<8, using: &random) {
            case 0: for index in sector { file.bytes[index] = 0 }
            case 1: file.bytes[Int.random(in: sector, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            default: break
            }
        }
        file.durable = file.bytes.count
    }

    /// A bit of a stored file changes by itself.
    /// - Throws: `notFound` where there is no such file, or nothing in it.
    package func flipBit(of path: String, using random: inout some RandomNumberGenerator) throws {
        try state.withLock { state in
            let file = try state.file(path)
            guard !file.bytes.isEmpty else { throw HoldfastError(.notFound, "nothing in \(path)") }
            file.bytes[Int.random(in: file.bytes.indices, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
        }
    }

    /// The paths of all files, in order.
    package var files: [String] {
        state.withLock { state in
            state.directories.flatMap { directory, content in
                content.files.keys.map { directory.isEmpty ? $0 : directory + "/" + $0 }
            }.sorted()
        }
    }

    /// So much room is left from now on.
    package func setFree(_ bytes: Int64) { state.withLock { $0.capacity = $0.used + bytes } }

    // MARK: For tests that know the steps

    package var steps: Int { state.withLock { $0.steps } }
    /// From the step so many from now, everything throws `Crashed`, until the next power cut.
    package func crash(at step: Int) { state.withLock { $0.crashStep = $0.steps + step } }
    /// The next step whose description begins so fails.
    package func fail(next step: String, with code: ErrorCode) { state.withLock { $0.failures[step] = code } }
    package func startTrace() { state.withLock { $0.trace = [] } }
    /// What was asked of the disk since the trace was started.
    package func trace() -> [String] { state.withLock { ($0.trace ?? []).map(\.description) } }
}

extension MemoryVolume.State {
    /// Counts a step, and throws where it is to fail.
    mutating func count(_ step: DiskStep) throws {
        if let crashStep, steps >= crashStep { throw MemoryVolume.Crashed() }
        steps += 1
        trace?.append(step)
        guard !failures.isEmpty, let failure = failures.first(where: { "\(step)".hasPrefix($0.key) }) else { return }
        failures[failure.key] = nil
        throw HoldfastError(failure.value, "\(step): injected")
    }

    func file(_ path: String) throws -> MemoryVolume.File {
        guard let file = directories[DiskPath.parent(of: path)]?.files[DiskPath.name(of: path)] else {
            throw HoldfastError(.notFound, "no \(path)")
        }
        return file
    }

    /// Gives the name to the file, or to none; what bore it is gone.
    mutating func set(_ path: String, to file: MemoryVolume.File?) throws {
        let (parent, name) = (DiskPath.parent(of: path), DiskPath.name(of: path))
        guard directories[parent] != nil else { throw HoldfastError(.notFound, "no \(parent)") }
        directories[parent]?.set(name, to: file)
    }
}
