import HoldfastMail
import HoldfastModel

/// What `coordinator.yaml` says of mail.
struct MailSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case host, port, security, user, passwordFile, from, fromName, certificateAuthorities
    }

    var host: String
    /// 465 for `tls`, 587 for `starttls` and 25 for `none`, unless said otherwise.
    var port: Int?
    /// `starttls` unless said otherwise.
    var security: MailServer.Security?
    var user: String?
    var passwordFile: String?
    /// The address that mail comes from.
    var from: MailAddress
    var fromName: String?
    /// A PEM file of certificate authorities to trust instead of the system's.
    var certificateAuthorities: String?

    init(from decoder: any Decoder) throws {
        try decoder.refuseUnknownKeys(of: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        host = try container.decode(String.self, forKey: .host)
        port = try container.decodeIfPresent(Int.self, forKey: .port)
        security = try container.decodeIfPresent(MailServer.Security.self, forKey: .security)
        user = try container.decodeIfPresent(String.self, forKey: .user)
        passwordFile = try container.decodeIfPresent(String.self, forKey: .passwordFile)
        from = try container.decode(MailAddress.self, forKey: .from)
        fromName = try container.decodeIfPresent(String.self, forKey: .fromName)
        certificateAuthorities = try container.decodeIfPresent(String.self, forKey: .certificateAuthorities)
    }

    /// Reads the password's file.
    func server() throws -> MailServer {
        let security = security ?? .startTLS
        let usual =
            switch security {
            case .tls: 465
            case .startTLS: 587
            case .none: 25
            }
        guard (1...65_535).contains(port ?? usual) else { throw mistake("mail.port", "is from 1 to 65535") }
        let isHost = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/@#?%\\\"".utf8.contains($0) }
        guard isHost, (1...253).contains(host.utf8.count) else {
            throw mistake("mail.host", "is the name or address of a server, without port or smtp://")
        }
        guard (user == nil) == (passwordFile == nil) else {
            throw mistake("mail.user", "and “mail.passwordFile” are given together, or neither")
        }
        if let certificateAuthorities, !PrivateFile.exists(certificateAuthorities) {
            throw mistake("mail.certificateAuthorities", "names a file that is not there")
        }
        let password = try passwordFile.map { path in
            var text = try PrivateFile.readSecret(path)
            while text.last?.isNewline == true { text.removeLast() }
            return Secret(text)
        }
        return MailServer(
            host: host, port: port ?? usual, security: security, user: user, password: password, from: from,
            fromName: fromName ?? "Holdfast", certificateAuthorities: certificateAuthorities)
    }

    private func mistake(_ setting: String, _ what: String) -> HoldfastError {
        HoldfastError(.invalidArgument, "The setting “\(setting)” \(what)")
    }
}
