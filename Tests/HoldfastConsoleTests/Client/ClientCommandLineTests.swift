import Foundation
import HoldfastCommands
import HoldfastModel
import Synchronization
import Testing

@testable import HoldfastConsole

@Suite(.timeLimit(.minutes(5))) struct ClientCommandLineTests {
    /// What was printed, and what a person would type.
    final class Screen: Sendable {
        private let texts = Mutex((output: "", error: "", bytes: [UInt8]()))
        let typed: String?

        init(typed: String? = nil) { self.typed = typed }

        var output: String { texts.withLock { $0.output } }
        var error: String { texts.withLock { $0.error } }
        var bytes: [UInt8] { texts.withLock { $0.bytes } }

        func terminal(isTerminal: Bool = false) -> ClientTerminal {
            ClientTerminal(
                isInputTerminal: isTerminal, isErrorTerminal: false,
                printOutput: { text in self.texts.withLock { $0.output += text } },
                printError: { text in self.texts.withLock { $0.error += text } },
                writeOutput: { bytes in self.texts.withLock { $0.bytes += bytes } }, readLine: { self.typed })
        }
    }

    private func withSettings<Result>(
        _ port: Int, token: String = "admin-token", _ body: (String) async throws -> Result
    ) async throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("hf-client-\(UUID()).json").path
        defer { unlink(path) }
        try ConsoleFixture.settings(port, token: token).save(path)
        return try await body(path)
    }

    private func run(
        _ line: String, _ screen: Screen, service: FakeService = FakeService(), token: String = "admin-token",
        isTerminal: Bool = false
    ) async throws -> Int32 {
        try await ConsoleFixture.serving(service) { port in
            try await withSettings(port, token: token) { path in
                await ClientCommandLine.run(
                    try LineSplitter.words(of: line) + ["--client", path],
                    terminal: screen.terminal(isTerminal: isTerminal), input: .none)
            }
        }
    }

    @Test func result() async throws {
        let screen = Screen()
        #expect(try await run("backup list", screen) == 0)
        #expect(screen.output.hasPrefix("BACKUP "))
        #expect(screen.error.isEmpty)
    }

    /// Shown again and again, also while nobody answers; what will not change by waiting ends it.
    @Test func watchingGoesOnUntilSomebodyEndsIt() async throws {
        let screen = Screen()
        @Sendable func watch(_ path: String) -> Task<Int32, Never> {
            var options = OutputOptions()
            (options.every, options.client) = (.milliseconds(5), path)
            let request = CommandRequest(command: .clusterStatus, isConfirmed: true, options: options)
            return Task { await ClientCommandLine(screen.terminal(), request.options).perform(request) }
        }
        try await ConsoleFixture.serving(FakeService()) { port in
            try await withSettings(port) { path in
                let watching = watch(path)
                while screen.output.split(separator: "\n\n").count < 3 { try await Task.sleep(for: .milliseconds(5)) }
                watching.cancel()
                #expect(await watching.value != 0)
            }
            try await withSettings(port, token: "wrong") { path in
                #expect(await watch(path).value == ErrorCode.unauthenticated.exitStatus)
            }
        }
        let closed = 1
        try await withSettings(closed) { path in
            let watching = watch(path)
            while screen.error.components(separatedBy: "No cluster answers").count < 4 {
                try await Task.sleep(for: .milliseconds(5))
            }
            watching.cancel()
            #expect(await watching.value != 0)
        }
    }

    /// A line break would begin a second command, with the rights of whoever gave the first.
    @Test(arguments: ["\n", "\r", "\t", "\u{1b}", "\u{85}"])
    func noControlCharacterLeavesTheClient(control: String) async throws {
        let screen = Screen()
        let note = "x\"\(control)project create injected\(control)\""
        let status = try await ConsoleFixture.serving(FakeService()) { port in
            try await withSettings(port) { path in
                await ClientCommandLine.run(
                    ["backup", "create", "shop/live", "--note", note, "--client", path], terminal: screen.terminal(),
                    input: .none)
            }
        }
        #expect(status == 64)
        #expect(screen.output.isEmpty && screen.error.contains("control character"))
    }

    @Test func progressGoesToStandardError() async throws {
        let screen = Screen()
        #expect(try await run("backup create shop/live --note 'a \"b\" c'", screen) == 0)
        #expect(screen.output.hasPrefix("Backup 1t6x0fk4w2qz of shop/live: complete"))
        #expect(screen.error.contains("step: stage\nstage media"))
    }

    private func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("hf-get-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    private func files(in directory: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            files[name] = Array(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
        }
        return files
    }

    @Test func whatIsGotLiesUnderItsName() async throws {
        try await withDirectory { (directory: String) async throws in
            let screen = Screen()
            #expect(try await run("backup get 1t6x0fk4w2qz x/1.jpg -o \(directory)", screen) == 0)
            #expect(try files(in: directory) == ["1.jpg": Samples.contentBytes])
            #expect(screen.output.contains(Samples.contentSum) && screen.output.contains("\(directory)/1.jpg"))
            let named = Screen()
            #expect(try await run("backup get 1t6x0fk4w2qz x/1.jpg -o \(directory)/other --json", named) == 0)
            #expect(try files(in: directory).keys.sorted() == ["1.jpg", "other"])
            let result = try JSONLine.value(CommandResult.self, from: named.output.utf8)
            #expect(result == .given(GivenContent(content: Samples.content, sha256: Samples.contentSum)))
        }
    }

    @Test func whatIsThereIsReplacedOnlyByForce() async throws {
        try await withDirectory { (directory: String) async throws in
            let path = "\(directory)/x"
            try Data("old".utf8).write(to: URL(fileURLWithPath: path))
            let (screen, service) = (Screen(), FakeService())
            #expect(try await run("backup get 1t6x0fk4w2qz x -o \(path)", screen, service: service) == 78)
            // Nothing was asked of the cluster.
            #expect(service.commands.isEmpty && screen.error.contains("--force"))
            #expect(try files(in: directory) == ["x": Array("old".utf8)])
            #expect(try await run("backup get 1t6x0fk4w2qz x -o \(path) --force", Screen()) == 0)
            #expect(try files(in: directory) == ["x": Samples.contentBytes])
            // Under a name that only the cluster says.
            try Data("old".utf8).write(to: URL(fileURLWithPath: "\(directory)/1.jpg"))
            #expect(try await run("backup get 1t6x0fk4w2qz x -o \(directory)", Screen()) == 78)
            #expect(try files(in: directory)["1.jpg"] == Array("old".utf8))
            #expect(try files(in: directory).count == 2)
        }
    }

    /// Half a file, or another one, is no file.
    @Test(arguments: ["short", "other", "broken"]) func whatIsNotWholeIsNotKept(path: String) async throws {
        try await withDirectory { (directory: String) async throws in
            let screen = Screen()
            #expect(try await run("backup get 1t6x0fk4w2qz \(path) -o \(directory)", screen) == 1)
            #expect(try files(in: directory).isEmpty && screen.output.isEmpty)
        }
    }

    @Test func standardOutputHoldsTheContentAlone() async throws {
        let screen = Screen()
        #expect(try await run("backup get 1t6x0fk4w2qz x -o -", screen) == 0)
        #expect(screen.output.isEmpty && screen.bytes == Samples.contentBytes)
    }

    @Test func json() async throws {
        let screen = Screen()
        #expect(try await run("backup list --json", screen) == 0)
        let result = try JSONLine.value(CommandResult.self, from: screen.output.utf8)
        #expect(result == .backups([Samples.backup]))
        let failing = Screen()
        #expect(try await run("backup verify 1t6x0fk4w2qz --json", failing) == 66)
        #expect(failing.output.isEmpty)
        #expect(failing.error.hasPrefix(#"{"error":{"code":"not-found""#))
        let progress = Screen()
        #expect(try await run("backup create shop/live --json --progress", progress) == 0)
        #expect(progress.output.split(separator: "\n").count == Samples.events.count + 1)
    }

    @Test func statuses() async throws {
        #expect(try await run("backup create shop/live", Screen(), token: "viewer-token") == 77)
        #expect(try await run("backup list", Screen(), token: "wrong") == 77)
        #expect(try await run("environment check shop/live", Screen()) == 78)
        #expect(try await run("backup create", Screen()) == 64)
        let refused = Screen()
        let status = try await withSettings(1) { path in
            await ClientCommandLine.run(["node", "list", "--client", path], terminal: refused.terminal())
        }
        #expect(status == 69)
        #expect(refused.error.contains("holdfast up") && refused.error.contains("--client FILE"))
    }

    @Test func confirmation() async throws {
        let line = "restore start 1t6x0fk4w2qz --to shop/test"
        let service = FakeService()
        let noTerminal = Screen()
        #expect(try await run(line, noTerminal, service: service) == 64)
        #expect(noTerminal.error.contains("--yes"))
        let wrong = Screen(typed: "shop/live")
        #expect(try await run(line, wrong, service: service, isTerminal: true) == 130)
        #expect(wrong.error.contains("Type shop/test to go on: "))
        #expect(wrong.error.contains("Will be overwritten in shop/test:"))
        #expect(!service.commands.contains { if case .restoreStart = $0 { true } else { false } })
        let right = Screen(typed: " shop/test ")
        #expect(try await run(line, right, service: service, isTerminal: true) == 0)
        #expect(service.commands.contains { if case .restoreStart = $0 { true } else { false } })
        #expect(try await run(line + " --yes", Screen(), service: service) == 0)
    }

    @Test func helpNeedsNoServer() async {
        let screen = Screen()
        #expect(await ClientCommandLine.run(["backup", "create", "--help"], terminal: screen.terminal()) == 0)
        #expect(screen.output.contains("before the sale"))
    }

    @Test func otherAuthorityIsRefused() async throws {
        let error = try await ConsoleFixture.serving { port in
            var settings = ConsoleFixture.settings(port)
            settings.ca = TestAuthority.other.authorityPEM
            let wrong = settings
            return await #expect(throws: HoldfastError.self) { try await ConsoleClient.withConnection(wrong) { _ in } }
        }
        #expect(error?.code == .unauthenticated)
    }

    @Test func settingsFile() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("hf-settings-\(UUID()).json").path
        defer { unlink(path) }
        let missing = #expect(throws: HoldfastError.self) { try ClientSettings.load(path) }
        #expect(missing?.code == .notFound)
        try ConsoleFixture.settings(7000).save(path)
        #expect(try ClientSettings.load(path).token == Secret("admin-token"))
        chmod(path, 0o640)
        let open = #expect(throws: HoldfastError.self) { try ClientSettings.load(path) }
        #expect(open?.message.contains("chmod 600") == true)
        try "{".write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o600)
        #expect(throws: HoldfastError.self) { try ClientSettings.load(path) }
        for address in ["", "host", "host:", ":1", "host:0", "host:99999", "[]:1"] {
            #expect(throws: HoldfastError.self) { try ClientSettings(address: address, token: Secret("t")).endpoint() }
        }
        #expect(try ClientSettings(address: "[::1]:7000", token: Secret("t")).endpoint().host == "::1")
    }
}
