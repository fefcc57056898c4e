/// Where a webhook is. Who knows the whole of it can often write there, so only its beginning is shown.
package struct WebhookURL: Hashable, Sendable {
    package static let longest = 2000

    package let text: Secret
    package let isSecure: Bool
    /// Scheme, host and port.
    package let shown: String

    /// - Throws: `invalidArgument` that says what is wrong, and shows nothing of it.
    package init(_ secret: Secret) throws(HoldfastError) {
        func refuse(_ reason: String) -> HoldfastError {
            HoldfastError(.invalidArgument, "This is no address of a webhook: \(reason)")
        }
        let text = secret.revealed
        guard text.utf8.count <= Self.longest else { throw refuse("it has over \(Self.longest) bytes") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && !#"\"<>^`{|}"#.utf8.contains($0) }) else {
            throw refuse("there is something in it that stands in no URL")
        }
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else {
            throw refuse("it begins with https://")
        }
        let authority = lower.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { throw refuse("there is a name or password in it") }
        guard !text.contains("#") else { throw refuse("there is a # in it") }
        let host =
            authority.hasPrefix("[") ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
        guard !host.isEmpty, host.utf8.count <= 253 else { throw refuse("there is no host in it") }
        self.text = secret
        isSecure = scheme == "https://"
        shown = scheme + authority
    }
}
