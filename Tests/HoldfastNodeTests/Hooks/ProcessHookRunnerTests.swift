import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

@Suite(.timeLimit(.minutes(5))) struct ProcessHookRunnerTests {
    private let runner = ProcessHookRunner(time: RealTime())

    private func shell(
        _ script: String, _ environment: [String: String] = [:], timeout: Duration = .seconds(60)
    ) async throws -> HookEnding {
        try await runner.run(["/bin/sh", "-c", script], environment: environment, timeout: timeout)
    }

    @Test func aCommandSeesWhatItIsToldAndNothingElse() async throws {
        setenv("HOLDFAST_SECRET_OF_THE_NODE", "swordfish", 1)
        let ending = try await shell("env | sort", ["HOLDFAST_PROJECT": "shop", "HOLDFAST_BACKUP": "b c"])
        #expect(ending.failure == nil)
        let names = ending.output.split(separator: " | ").map { $0.prefix { $0 != "=" } }
        #expect(
            Set(names).isSubset(of: [
                "HOLDFAST_BACKUP", "HOLDFAST_PROJECT", "HOME", "LC_ALL", "PATH", "PWD", "OLDPWD", "SHLVL", "_",
            ]))
        #expect(ending.output.contains("HOLDFAST_BACKUP=b c") && ending.output.contains("HOLDFAST_PROJECT=shop"))
    }

    @Test func argumentsAreGivenAsTheyAre() async throws {
        let ending = try await runner.run(
            ["/bin/echo", "a  b", "$HOME", ";ls"], environment: [:], timeout: .seconds(60))
        #expect(ending == HookEnding(output: "a  b $HOME ;ls"))
    }

    @Test func aFailureIsToldWithItsLastLinesOnly() async throws {
        let ending = try await shell(
            "i=0; while [ $i -lt 100000 ]; do echo line $i; i=$((i+1)); done; echo why >&2; exit 3")
        #expect(ending.failure?.contains("3") == true)
        #expect(ending.output.hasSuffix("line 99999 | why") && ending.output.count < 400)
        #expect(
            try await runner.run(["/no/such/program"], environment: [:], timeout: .seconds(5)).failure?.contains(
                "can't be run") == true)
    }

    /// Whether a process still does something.
    private func isAlive(_ process: String) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !status.contains(") Z ")
    }

    /// The suite's time limit says that it still runs.
    private func untilGone(_ process: String) async throws {
        while isAlive(process) { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func whatTakesTooLongIsKilledWithWhatItStarted() async throws {
        let ending = try await shell("sleep 300 & echo $!; wait", timeout: .seconds(5))
        #expect(ending.failure?.hasPrefix("was killed after") == true)
        try #require(!ending.output.isEmpty)
        try await untilGone(ending.output)
    }

    @Test func whatIsCalledOffIsKilledWithWhatItStarted() async throws {
        let file = NSTemporaryDirectory() + "holdfast-hook-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let task = Task { try await shell("sleep 300 & echo $! > \(file); wait") }
        var process = ""
        while process.isEmpty {
            try await Task.sleep(for: .milliseconds(5))
            process = ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").filter(\.isNumber)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        try await untilGone(process)
    }
}
