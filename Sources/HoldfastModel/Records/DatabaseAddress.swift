/// Where a database is. Nothing else of a connection string is kept: `service=`, `passfile=`, `sslkey=` and `options=`
/// would let a project's owner reach into the node.
package struct DatabaseAddress: Hashable, Codable, Sendable {
    package var host: String
    package var port: Int
    package var database: String
    package var user: String
    /// libpq's `sslmode`: `disable`, `prefer`, `require`, `verify-ca` or `verify-full`.
    package var sslMode: String

    package init(host: String, port: Int, database: String, user: String, sslMode: String) {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.sslMode = sslMode
    }
}

extension DatabaseAddress: CustomStringConvertible {
    package var description: String {
        "postgresql://\(user)@\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
    }
}
