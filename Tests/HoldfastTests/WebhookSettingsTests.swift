import HoldfastModel
import Testing

@testable import holdfast

struct WebhookSettingsTests {
    private func settings(_ lines: [String]) throws -> CoordinatorSettings {
        try CoordinatorSettings.parse(
            "dataDirectory: /d\nlisten: a:1\nconsole: b:2\n" + lines.map { "\($0)\n" }.joined())
    }

    /// Nobody inside is told unless whoever runs this says so.
    @Test func whatIsNotSaidIsStrict() throws {
        #expect(try settings([]).webhooks == nil)
        #expect(try !WebhookSettings().rules().allowsPrivate)
        let said = try #require(try settings(["webhooks:", "  privateAddresses: true"]).webhooks)
        #expect(try said.rules().allowsPrivate && said.rules().certificateAuthorities == nil)
    }

    @Test(arguments: [
        (["webhooks:", "  privateAdresses: true"], "privateAdresses"),
        (["webhooks:", "  privateAddresses: maybe"], "privateAddresses"),
        (["webhooks:", "  certificateAuthorities: /none"], "certificateAuthorities"),
    ])
    func mistakesAreNamed(lines: [String], named: String) {
        let error = #expect(throws: HoldfastError.self) { try settings(lines).webhooks?.rules() }
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
    }
}
