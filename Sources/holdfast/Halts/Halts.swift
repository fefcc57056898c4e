#if DEBUG
    import Foundation
    import Synchronization

    /// Lets a crash test hold a process exactly where it passes a point of interest, to kill it, or something else, there.
    /// For debug builds, and only with `HOLDFAST_HALTS` naming a directory; what passes between test and process are files
    /// in it:
    ///
    ///     passed           the points that were passed, a line each
    ///     POINT.armed      halt where POINT is passed; holds the number of the passing, from 1
    ///     POINT.halted     the process stands there, and goes on when the file is removed
    final class Halts: Sendable {
        static let shared = ProcessInfo.processInfo.environment["HOLDFAST_HALTS"].map(Halts.init)

        private static let pollMicroseconds: UInt32 = 3000

        private let directory: String
        private let turn = Mutex(())

        private init(directory: String) { self.directory = directory }

        /// Blocks while the point is halted at. The process's threads may block, and a halt holds up what a slow disk would.
        func pass(_ point: String) {
            let halted = turn.withLock { _ in arrive(point) }
            guard let halted else { return }
            while access(halted, F_OK) == 0 { usleep(Self.pollMicroseconds) }
        }

        /// Runs the body between the two points that a crash right before and right after it has.
        func around<Result>(_ point: String, _ body: () async throws -> Result) async rethrows -> Result {
            pass("\(point):before")
            let result = try await body()
            pass("\(point):after")
            return result
        }

        /// The file whose end is to be waited for; nil to go on.
        private func arrive(_ point: String) -> String? {
            note(point)
            let armed = "\(directory)/\(point).armed"
            guard let text = try? String(contentsOfFile: armed, encoding: .utf8) else { return nil }
            let passing = Int(text.filter(\.isNumber)) ?? 1
            guard passing == 1 else {
                try? String(passing - 1).write(toFile: armed, atomically: true, encoding: .utf8)
                return nil
            }
            let halted = "\(directory)/\(point).halted"
            return rename(armed, halted) == 0 ? halted : nil
        }

        private func note(_ point: String) {
            let descriptor = open("\(directory)/passed", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            let line = Array("\(point)\n".utf8)
            _ = write(descriptor, line, line.count)
        }
    }
#endif
