import Foundation
import HoldfastMail
import HoldfastModel
import Testing

@testable import holdfast

struct MailSettingsTests {
    private static let head = "dataDirectory: /d\nlisten: a:1\nconsole: b:2\nmail:\n"

    private func mail(_ lines: [String]) throws -> MailServer? {
        let text = Self.head + lines.map { "  \($0)\n" }.joined()
        return try CoordinatorSettings.parse(text).mail?.server()
    }

    @Test func whatIsNotSaidIsUsual() throws {
        let server = try #require(try mail(["host: smtp.example.org", "from: backups@example.org"]))
        #expect(server.port == 587 && server.security == .startTLS && server.user == nil)
        #expect(try mail(["host: a", "from: b@c", "security: tls"])?.port == 465)
        #expect(try mail(["host: a", "from: b@c", "security: none", "port: 2525"])?.port == 2525)
    }

    @Test func thePasswordIsReadFromAFileOfOnesOwn() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("hf-test-mail-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try PrivateFile.write("sword fish\n", to: path)
        let lines = ["host: a", "from: b@c", "user: anna", "passwordFile: \(path)"]
        #expect(try mail(lines)?.password == Secret("sword fish"))
        chmod(path, 0o644)
        let error = #expect(throws: HoldfastError.self) { try mail(lines) }
        #expect(error?.code == .permissionDenied)
    }

    @Test(arguments: [
        (["host: a", "from: b@c", "pasword: x"], "pasword"), (["host: a"], "from"),
        (["host: a", "from: nobody"], "nobody"),
        (["host: smtp://a", "from: b@c"], "smtp://"), (["host: a", "from: b@c", "port: 70000"], "65535"),
        (["host: a", "from: b@c", "user: anna"], "passwordFile"),
        (["host: a", "from: b@c", "security: ssl"], "security"),
        (["host: a", "from: b@c", "certificateAuthorities: /none"], "certificateAuthorities"),
    ])
    func mistakesAreNamed(lines: [String], named: String) {
        let error = #expect(throws: HoldfastError.self) { try mail(lines) }
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
    }
}
