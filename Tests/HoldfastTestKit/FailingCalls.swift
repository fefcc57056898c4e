import Foundation
import HoldfastModel

/// System calls of a running process that fail as they do on a dying disk, by `strace`. Below everything of ours: what
/// fails here is the real program's own call.
package final class FailingCalls {
    /// Tracing takes `strace`, and a kernel that lets it.
    package static let isAvailable: Bool = {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        probe.arguments = ["strace", "-qq", "-o", "/dev/null", "true"]
        probe.standardError = FileHandle.nullDevice
        return (try? probe.run()).map {
            probe.waitUntilExit()
            return probe.terminationStatus == 0
        } ?? false
    }()

    private let tracer = Process()
    private let log: URL

    /// Returns once every thread of the process is traced.
    ///
    /// - Parameters:
    ///   - calls: as `fsync,fdatasync`.
    ///   - error: as `EIO`.
    ///   - which: of each thread's calls, as `strace` counts them: `2+3` is the second, and then every third.
    package init(_ calls: String, error: String, of process: Int32, when which: String) throws {
        log = FileManager.default.temporaryDirectory.appendingPathComponent("hf-strace-\(UUID().uuidString)")
        let inject = "inject=\(calls):error=\(error):when=\(which)"
        tracer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tracer.arguments = [
            "strace", "-f", "-y", "-o", log.path, "-e", "trace=\(calls)", "-e", inject, "-p", "\(process)",
        ]
        let words = Pipe()
        tracer.standardError = words
        try tracer.run()
        var said = ""
        // Its first word says that it attached to everything that there was: "Process N attached with M threads".
        while !said.contains("attached") {
            let more = words.fileHandleForReading.availableData
            guard !more.isEmpty else { throw HoldfastError(.toolFailed, "strace ended: \(said)") }
            said += String(decoding: more, as: UTF8.self)
        }
        // What it says later of new threads is not read, and must not fill the pipe.
        words.fileHandleForReading.readabilityHandler = { if $0.availableData.isEmpty { $0.readabilityHandler = nil } }
    }

    /// Lets the calls through again, and gives the lines of those that failed.
    @discardableResult
    package func end() throws -> [String] {
        // Killed: it inherited a mask of signals in which others don't reach it. Who was traced goes on.
        kill(tracer.processIdentifier, SIGKILL)
        tracer.waitUntilExit()
        defer { try? FileManager.default.removeItem(at: log) }
        return try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.contains("(INJECTED)") }
    }
}
