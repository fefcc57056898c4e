import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// A million tiny files: backed up, backed up again without reading them, and restored, in bounded time and memory.
///
/// Takes minutes and 12 GB of disk, so it runs only where `HOLDFAST_LARGE_TESTS` is set; `HOLDFAST_BINARY` should then name
/// a release build. `HOLDFAST_MANY_FILES` asks for another number of files.
@Suite(
    .serialized, .enabled(if: ProcessInfo.processInfo.environment["HOLDFAST_LARGE_TESTS"] != nil),
    .timeLimit(.minutes(60)))
struct ManyFilesTests {
    private static let files = ProcessInfo.processInfo.environment["HOLDFAST_MANY_FILES"].flatMap(Int.init) ?? 1_000_000
    /// What a server takes with nothing to do, and then for each new file: its place in the index and in the manifest,
    /// which are both made in memory.
    private static let (idleMiB, bytesEach) = (160, 400)

    @Test func memoryAndTimeAreBounded() async throws {
        try await Cluster.with { cluster in
            let paths = ["live", "test"].map { cluster.media.appendingPathComponent($0).path }
            for path in paths {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            try makeTree(at: paths[0])
            try cluster.result("project", "create", "shop")
            for (name, path) in zip(["live", "test"], paths) {
                try cluster.result("environment", "create", "shop/\(name)", "--schedule", "none")
                try cluster.result("service", "set", "shop/\(name)", "media", "--path", path)
            }
            let first = try measured("backup", cluster) { try cluster.result("backup", "create", "shop/live") }
            // Younger files are read again.
            try await Task.sleep(for: .seconds(3))
            let second = try measured("unchanged", cluster) { try cluster.result("backup", "create", "shop/live") }
            guard case .backup(let one) = first, case .backup(let two) = second else { throw TestFailure("no backup") }
            #expect(one.backup.parts[0].warnings.count == 0 && two.backup.totals.readBytes == 0)
            _ = try measured("restore", cluster) {
                try cluster.result("restore", "start", one.backup.id.text, "--to", "shop/test", "--yes")
            }
            #expect(try lines(of: paths[0]) == lines(of: paths[1]))
            #expect(try cluster.peakMemoryMiB() < Self.idleMiB + Self.files * Self.bytesEach >> 20)
        }
    }

    private func measured(
        _ what: String, _ cluster: Cluster, _ body: () throws -> CommandResult
    ) throws -> CommandResult {
        let start = ContinuousClock.now
        let result = try body()
        print("\(what): \(Self.files) files in \(ContinuousClock.now - start), peak \(try cluster.peakMemoryMiB()) MiB")
        return result
    }

    private func makeTree(at path: String) throws {
        for number in 0..<Self.files {
            let directory = "\(path)/\(number / 100_000)/\(number / 1000 % 100)"
            if number % 1000 == 0 {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            let file = open("\(directory)/file-\(number % 1000)", O_WRONLY | O_CREAT | O_EXCL, 0o644)
            let text = Array("tiny \(number)".utf8)
            guard write(file, text, text.count) == text.count, close(file) == 0 else { throw TestFailure("no file") }
        }
    }

    /// A checksum over names, sizes, times and content.
    private func lines(of path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let list = #"find . -name '.holdfast-*' -prune -o -printf '%p %s %T@ %m %U:%G\n' | sort | sha256sum"#
        let content = #"find . -name '.holdfast-*' -prune -o -type f -print0 | sort -z | xargs -0 cat | sha256sum"#
        process.arguments = ["-c", "cd \"$1\" && \(list) && \(content)", "sh", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
