import HoldfastModel
import HoldfastNode
import HoldfastWeb

/// What `http:` in `coordinator.yaml` says: where the web console, the API and links of downloads are served.
struct HTTPSettings: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case listen, publicURL, certificateFile, keyFile, behindProxy, connectionsPerAddress
    }

    var listen: NetworkAddress
    /// What links begin with, where people reach this service by another name: `https://backup.example.org`.
    var publicURL: String?
    /// PEM files; without them it is plain HTTP.
    var certificateFile: String?
    var keyFile: String?

    /// Whether a proxy before it says in `X-Forwarded-For` who asks; anybody could say so otherwise.
    var behindProxy: Bool?
    /// How many connections one address may have at once; behind a proxy, how many requests.
    var connectionsPerAddress: Int?

    init(listen: NetworkAddress) { self.listen = listen }

    init(from decoder: any Decoder) throws {
        // A misspelt setting must not be silently ignored here either.
        let names = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        let known = CodingKeys.allCases.map(\.stringValue)
        if let name = names.first(where: { !known.contains($0) }) {
            throw HoldfastError(
                .invalidArgument,
                "“\(name.printable(limit: 60))” is no setting of http; there are: \(known.joined(separator: ", "))")
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        listen = try container.decode(NetworkAddress.self, forKey: .listen)
        publicURL = try container.decodeIfPresent(String.self, forKey: .publicURL)
        certificateFile = try container.decodeIfPresent(String.self, forKey: .certificateFile)
        keyFile = try container.decodeIfPresent(String.self, forKey: .keyFile)
        behindProxy = try container.decodeIfPresent(Bool.self, forKey: .behindProxy)
        connectionsPerAddress = try container.decodeIfPresent(Int.self, forKey: .connectionsPerAddress)
    }

    /// - Throws: `invalidArgument` for a certificate without a key, or a URL that is none.
    func web() throws(HoldfastError) -> WebConfiguration {
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw HoldfastError(.invalidArgument, "The settings certificateFile and keyFile of http belong together")
        }
        let isSecure = try url().hasPrefix("https://")
        let tls = certificateFile.flatMap { certificate in
            keyFile.map { WebConfiguration.TLS(certificateFile: certificate, keyFile: $0) }
        }
        var configuration = WebConfiguration(host: listen.host, port: listen.port, tls: tls, isSecure: isSecure)
        configuration.isBehindProxy = behindProxy ?? false
        if let connectionsPerAddress {
            guard (1...configuration.limits.connections).contains(connectionsPerAddress) else {
                throw HoldfastError(
                    .invalidArgument,
                    "The setting connectionsPerAddress of http is a number from 1 to \(configuration.limits.connections)"
                )
            }
            configuration.limits.connectionsPerAddress = connectionsPerAddress
        }
        return configuration
    }

    /// What links begin with, without a slash at the end.
    func url() throws(HoldfastError) -> String {
        guard let publicURL else {
            let host = ["0.0.0.0", "::"].contains(listen.host) ? "127.0.0.1" : listen.host
            return "\(certificateFile == nil ? "http" : "https")://\(NetworkAddress(host: host, port: listen.port))"
        }
        let isPlain = publicURL.utf8.allSatisfy { (0x21..<0x7f).contains($0) && !"?#\"'<>\\".utf8.contains($0) }
        guard isPlain, ["http://", "https://"].contains(where: { publicURL.hasPrefix($0) && publicURL != $0 }) else {
            throw HoldfastError(
                .invalidArgument, "The setting publicURL of http is no address such as https://backup.example.org")
        }
        return publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
