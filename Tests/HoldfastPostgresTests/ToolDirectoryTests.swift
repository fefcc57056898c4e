import Glibc
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastPostgres

/// A password reaches a tool by a file that only this user reads, and that goes with the tool.
@Suite struct ToolDirectoryTests {
    @Test func passwordsLieInAFileOfThisUserAlone() throws {
        let scratch = MediaScratch()
        var path = ""
        do {
            let files = try ToolDirectory(in: scratch.path)
            path = files.path
            let file = try files.passwordFile(Secret("a:b\\c"))
            var status = stat()
            #expect(stat(file, &status) == 0 && status.st_mode & 0o7777 == 0o600)
            #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o700)
            #expect(Self.text(file) == #"*:*:*:*:a\:b\\c"# + "\n")
            #expect(try files.passwordFile(nil) == PostgresEnvironment.noFile)
        }
        #expect(access(path, F_OK) != 0, "it is gone with the tool")
    }

    /// A line break would begin a second entry of the file.
    @Test(arguments: ["a\nb", "a\rb", "a\0b"])
    func passwordsOfSeveralLinesAreRefused(_ password: String) throws {
        let scratch = MediaScratch()
        let files = try ToolDirectory(in: scratch.path)
        let error = #expect(throws: HoldfastError.self) { try files.passwordFile(Secret(password)) }
        #expect(error?.code == .invalidArgument)
    }

    /// What a killed process left is removed by the next; nothing else that lies there is.
    @Test func leftoversAreRemoved() throws {
        let scratch = MediaScratch()
        let left = scratch.directory("holdfast-tool-abcdef")
        for name in ["pgpass", "list"] { close(open("\(left)/\(name)", O_CREAT | O_WRONLY, 0o600)) }
        let other = scratch.directory("other")
        close(open("\(other)/pgpass", O_CREAT | O_WRONLY, 0o600))
        PostgresServer(temporaryDirectory: scratch.path).removeLeftovers()
        #expect(access(left, F_OK) != 0)
        #expect(access("\(other)/pgpass", F_OK) == 0)
        PostgresServer(temporaryDirectory: "\(scratch.path)/nowhere").removeLeftovers()
    }

    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY)
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
