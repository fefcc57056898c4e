package import HoldfastModel

/// A mail server, and how it is spoken to.
package struct MailServer: Hashable, Sendable {
    package enum Security: String, Codable, Sendable, CaseIterable {
        /// TLS from the first byte, as on port 465.
        case tls
        /// Begins in the clear and goes on under TLS, or not at all, as on port 587.
        case startTLS = "starttls"
        /// In the clear: for a server on this machine.
        case none
    }

    package var host: String
    package var port: Int
    package var security: Security
    package var user: String?
    package var password: Secret?
    /// Who the mail is from.
    package var from: MailAddress
    package var fromName: String
    /// A file of certificates to trust instead of the system's.
    package var certificateAuthorities: String?
    package var connectTimeout = Duration.seconds(30)
    package var timeout = Duration.seconds(120)

    package init(
        host: String, port: Int, security: Security, user: String? = nil, password: Secret? = nil, from: MailAddress,
        fromName: String = "Holdfast", certificateAuthorities: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.from = from
        self.fromName = fromName
        self.certificateAuthorities = certificateAuthorities
    }

    var url: String {
        let literal = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(literal):\(port)"
    }
}
