import HoldfastModel
import HoldfastWeb
import Testing

@testable import holdfast

struct HTTPSettingsTests {
    private func web(_ lines: [String]) throws -> WebConfiguration? {
        try CoordinatorSettings.parse(
            "dataDirectory: /d\nlisten: a:1\nconsole: b:2\nhttp:\n  listen: 127.0.0.1:8480\n"
                + lines.map { "  \($0)\n" }.joined()
        ).http?.web()
    }

    @Test func whatIsNotSaidIsSane() throws {
        let web = try #require(try web([]))
        #expect(web.limits.connectionsPerAddress == 128 && !web.isBehindProxy && !web.isSecure)
    }

    @Test func whatIsSaidHolds() throws {
        let web = try #require(
            try web(["connectionsPerAddress: 7", "behindProxy: true", "publicURL: https://b.example"]))
        #expect(web.limits.connectionsPerAddress == 7 && web.isBehindProxy && web.isSecure)
    }

    @Test(arguments: ["0", "-1", "513", "many"])
    func aLimitIsANumber(text: String) {
        #expect(throws: HoldfastError.self) { try web(["connectionsPerAddress: \(text)"]) }
    }
}
