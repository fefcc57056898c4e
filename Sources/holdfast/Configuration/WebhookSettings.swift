import HoldfastMail
import HoldfastModel

/// What `coordinator.yaml` says of webhooks.
struct WebhookSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case privateAddresses, certificateAuthorities
    }

    /// Whether webhooks in private networks and on this machine are told, and such without TLS.
    var privateAddresses: Bool?
    /// A PEM file of certificate authorities to trust instead of the system's.
    var certificateAuthorities: String?

    init() {}

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(of: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        privateAddresses = try container.decodeIfPresent(Bool.self, forKey: .privateAddresses)
        certificateAuthorities = try container.decodeIfPresent(String.self, forKey: .certificateAuthorities)
    }

    func rules() throws -> WebhookSender.Rules {
        if let certificateAuthorities, !PrivateFile.exists(certificateAuthorities) {
            throw HoldfastError(
                .invalidArgument, "The setting “webhooks.certificateAuthorities” names a file that is not there")
        }
        var rules = WebhookSender.Rules()
        rules.allowsPrivate = privateAddresses ?? false
        rules.certificateAuthorities = certificateAuthorities
        return rules
    }
}
