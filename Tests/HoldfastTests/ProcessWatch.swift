import Foundation
import Synchronization

/// Looks again and again at the command line and environment of every process that descends from this one.
final class ProcessWatch: Sendable {
    private struct State {
        var isRunning = false
        var seen: [String: Data] = [:]
        var thread: Thread?
    }

    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    var places: [(String, Data)] { state.withLock { $0.seen.map { ($0.key, $0.value) } } }

    func seen(_ program: String) -> Bool { places.contains { $0.0.hasPrefix("command line of \(program)") } }

    func start() {
        state.withLock { $0.isRunning = true }
        Thread { [self] in
            while state.withLock({ $0.isRunning }) {
                look()
                usleep(2000)
            }
            ended.signal()
        }.start()
    }

    func stop() {
        let wasRunning = state.withLock { state in
            defer { state.isRunning = false }
            return state.isRunning
        }
        if wasRunning { ended.wait() }
    }

    private func look() {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for process in processes where process.allSatisfy(\.isNumber) {
            guard let name = FileManager.default.contents(atPath: "/proc/\(process)/comm") else { continue }
            let program = String(decoding: name, as: UTF8.self).trimmingCharacters(in: .newlines)
            guard program == "holdfast" || program.hasPrefix("pg_") else { continue }
            for (what, file) in [("command line", "cmdline"), ("environment", "environ")] {
                let key = "\(what) of \(program) \(process)"
                guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/\(file)"), !bytes.isEmpty
                else { continue }
                state.withLock { $0.seen[key, default: Data()] = bytes }
            }
        }
    }
}
