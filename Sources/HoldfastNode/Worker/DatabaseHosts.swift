package import HoldfastModel

/// The database servers that the node's own configuration lets its worker reach (`databaseHosts`).
package struct DatabaseHosts: Sendable {
    private let allowed: Set<String>

    /// Each is `host`, for every port, or `host:port`.
    package init(_ allowed: [String]) { self.allowed = Set(allowed.map { $0.lowercased() }) }

    /// - Throws: `notAllowedHere`.
    package func allow(_ address: DatabaseAddress) throws(HoldfastError) {
        let host = address.host.lowercased()
        let bracketed = host.contains(":") ? "[\(host)]" : host
        let forms = [host, bracketed, "\(bracketed):\(address.port)"]
        // libpq takes a comma for a list of hosts, of which only the first would be looked at here.
        guard !host.contains(","), forms.contains(where: allowed.contains) else {
            let list = allowed.isEmpty ? "none are set" : allowed.sorted().joined(separator: ", ").printable()
            throw HoldfastError(
                .notAllowedHere,
                """
                This node may not reach the database server “\(host.printable(limit: 100))” on port \(address.port). Allow \
                it by `databaseHosts` in the node's configuration (now: \(list))
                """, context: ["setting": "databaseHosts"])
        }
    }
}
