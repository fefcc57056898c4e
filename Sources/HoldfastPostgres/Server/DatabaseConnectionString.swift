import CPostgres
package import HoldfastModel

/// Reads what a person types to say where a database is: a URI or `key=value` pairs, parsed by libpq itself.
///
/// Only host, port, dbname, user, sslmode and password pass. The others would let whoever owns a project read files of the
/// node or change how its sessions behave.
package enum DatabaseConnectionString {
    private static let byteLimit = 4096
    private static let sslModes = ["disable", "prefer", "require", "verify-ca", "verify-full"]

    /// - Throws: `invalidArgument`, naming the parameter that is missing, unknown, or not allowed.
    package static func parse(_ text: String) throws(HoldfastError) -> DatabaseLogin {
        let given = try parameters(of: text)
        for (name, _) in given.sorted(by: { $0.key < $1.key }) where !allowed.contains(name) {
            throw HoldfastError(
                .invalidArgument,
                "The parameter “\(name)” is not allowed: give host, port, dbname, user, password and sslmode only")
        }
        let host = try required("host", in: given)
        let port = given["port"] ?? "5432"
        guard !host.contains(","), !port.contains(",") else {
            throw HoldfastError(
                .invalidArgument, "Several hosts are given: name the one server that holds the database")
        }
        guard let number = Int(port), (1...65535).contains(number) else {
            throw HoldfastError(.invalidArgument, "The port “\(port.printable(limit: 40))” is not from 1 to 65535")
        }
        let sslMode = given["sslmode"] ?? "prefer"
        guard sslModes.contains(sslMode) else {
            throw HoldfastError(
                .invalidArgument,
                "The sslmode “\(sslMode.printable(limit: 40))” is not one of \(sslModes.joined(separator: ", "))")
        }
        return DatabaseLogin(
            address: DatabaseAddress(
                host: host, port: number, database: try required("dbname", in: given),
                user: try required("user", in: given), sslMode: sslMode),
            password: given["password"].map { Secret($0) })
    }

    private static let allowed: Set = ["host", "port", "dbname", "user", "sslmode", "password"]

    private static func required(_ name: String, in given: [String: String]) throws(HoldfastError) -> String {
        guard let value = given[name] else {
            throw HoldfastError(
                .invalidArgument,
                """
                The connection string has no \(name): write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or \
                host=… dbname=… user=…
                """)
        }
        return value
    }

    private static func parameters(of text: String) throws(HoldfastError) -> [String: String] {
        // libpq reads up to a NUL, and whatever follows one would be silently lost.
        guard text.utf8.count <= byteLimit, !text.utf8.contains(0) else {
            throw HoldfastError(.invalidArgument, "The connection string is too long, or holds a NUL")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            PQfreemem(message)
            // libpq's own message may quote a piece of the password.
            throw HoldfastError(
                .invalidArgument,
                """
                The connection string can't be read: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special \
                characters percent-encoded
                """)
        }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val, value.pointee != 0 {
                given[String(cString: keyword)] = String(cString: value)
            }
            option += 1
        }
        return given
    }
}
