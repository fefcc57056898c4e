import Crypto
import Foundation
import HoldfastCatalog
import HoldfastModel

/// Writes what a webhook is sent, signed as Standard Webhooks says it, so that receivers have libraries to check it.
struct WebhookWriter: Sendable {
    let office: Office

    /// Nil where nobody is to be told there any more.
    func request(for delivery: WebhookDelivery) async throws -> WebhookRequest? {
        guard let target = try await office.catalog.get(NoticeTarget.self, delivery.target)?.value,
            case .webhook(let webhook) = target.road
        else { return nil }
        let url = try WebhookURL(try office.clusterKey.open(webhook.url, purpose: Self.urlPurpose(target.id)))
        let key = try WebhookKey(office.clusterKey.open(webhook.key, purpose: Self.keyPurpose(target.id)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = Array(try encoder.encode(WebhookBody(delivery.notice)))
        let seconds = office.now.milliseconds / 1000
        return WebhookRequest(
            url: url,
            headers: [
                "Content-Type: application/json", "webhook-id: \(delivery.id)", "webhook-timestamp: \(seconds)",
                "webhook-signature: \(key.signature(of: body, id: delivery.id.text, seconds: seconds))",
            ], body: body)
    }

    static func urlPurpose(_ target: NoticeTargetID) -> String { "notice-url/\(target)" }
    static func keyPurpose(_ target: NoticeTargetID) -> String { "notice-key/\(target)" }
}

/// What deliveries are signed with: `whsec_` and 32 bytes in base64.
struct WebhookKey {
    private static let prefix = "whsec_"
    private let bytes: [UInt8]

    init(_ secret: Secret) throws(HoldfastError) {
        guard secret.revealed.hasPrefix(Self.prefix),
            let data = Data(base64Encoded: String(secret.revealed.dropFirst(Self.prefix.count)))
        else { throw HoldfastError(.corrupt, "The key of a webhook can't be read: remove it and add it again") }
        bytes = Array(data)
    }

    static func generate(_ entropy: any Entropy) -> Secret {
        Secret(prefix + Data(entropy.bytes(32)).base64EncodedString())
    }

    func signature(of body: [UInt8], id: String, seconds: Int64) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(id).\(seconds).".utf8) + body, using: SymmetricKey(data: bytes))
        return "v1,\(Data(code).base64EncodedString())"
    }
}
