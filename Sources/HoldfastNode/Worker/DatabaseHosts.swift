package import HoldfastModel

/// The database servers that the node's own configuration lets its worker reach (`databaseHosts`).
///
/// A server is allowed by the very name it is configured by. Another spelling of an address, or another name that leads to
/// it, is another server, so that nothing has to be resolved to tell what is allowed.
package struct DatabaseHosts: Sendable {
    private struct Server: Hashable {
        var host: String
        /// Nil stands for every port.
        var port: Int?
    }

    private let allowed: Set<Server>
    private let configured: [String]

    /// Each is `host`, for every port, or `host:port`; an IPv6 address before a port stands in brackets.
    package init(_ allowed: [String]) {
        configured = allowed.sorted()
        self.allowed = Set(allowed.map { Self.server($0.lowercased()) })
    }

    /// - Throws: `notAllowedHere`.
    package func allow(_ address: DatabaseAddress) throws(HoldfastError) {
        let host = address.host.lowercased()
        let isAllowed =
            allowed.contains(Server(host: host, port: nil)) || allowed.contains(Server(host: host, port: address.port))
        // libpq takes a comma for a list of hosts, and nothing for whatever it thinks best.
        guard isAllowed, !host.isEmpty, !host.contains(",") else {
            let list = configured.isEmpty ? "none are set" : configured.joined(separator: ", ").printable()
            throw HoldfastError(
                .notAllowedHere,
                """
                This node may not reach the database server “\(host.printable(limit: 100))” on port \(address.port). Allow \
                it by `databaseHosts` in the node's configuration (now: \(list))
                """, context: ["setting": "databaseHosts"])
        }
    }

    private static func server(_ text: String) -> Server {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return Server(host: host) }
            if rest.hasPrefix(":"), let port = Int(rest.dropFirst()) { return Server(host: host, port: port) }
        }
        // Several colons are those of an IPv6 address.
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let port = Int(parts[1]) { return Server(host: String(parts[0]), port: port) }
        return Server(host: text)
    }
}
