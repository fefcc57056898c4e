import HoldfastModel
import Testing

struct WebhookURLTests {
    @Test func onlyItsBeginningIsShown() throws {
        let url = try WebhookURL(Secret("HTTPS://Hooks.example.org:8443/T0/secret?x=1"))
        #expect(url.shown == "https://hooks.example.org:8443" && url.isSecure)
        #expect(try !WebhookURL(Secret("http://[::1]:80")).isSecure)
        #expect(!"\(url)".contains("secret?"))
    }

    @Test(arguments: [
        ("ftp://a/sesame", "https://"), ("https:///sesame", "no host"), ("https://u:sesame@a/", "password"),
        ("https://a/sesame#x", "#"), ("https://a/sesame b", "no URL"), ("https://a/sesame\n", "no URL"),
        ("https://ä/sesame", "no URL"), ("https://:80/sesame", "no host"),
        ("https://a/sesame" + String(repeating: "x", count: 2000), "2000"),
    ])
    func mistakesAreNamedAndShowNothing(text: String, named: String) {
        let error = #expect(throws: HoldfastError.self) { try WebhookURL(Secret(text)) }
        #expect(error?.message.contains(named) == true && error?.message.contains("sesame") == false)
    }
}
