/// What a new database doesn't have of the one it replaces, as the statements that give it: owner, rights, comment,
/// connection limit and settings. (The tablespace is given when it is made.)
struct InheritedProperties {
    let live: DatabaseFacts

    /// Statements for the database called `name`, in order; each may be refused without harm to the others.
    /// - Parameter present: what the new database has now.
    func statements(for name: String, present: DatabaseFacts) -> [String] {
        let database = SQL.identifier(name)
        var statements: [String] = []
        if present.owner != live.owner {
            statements.append("ALTER DATABASE \(database) OWNER TO \(SQL.identifier(live.owner))")
        }
        statements += access(database, present)
        let comment = live.comment.map(SQL.literal) ?? "NULL"
        statements.append("COMMENT ON DATABASE \(database) IS \(comment)")
        if present.connectionLimit != live.connectionLimit {
            statements.append("ALTER DATABASE \(database) CONNECTION LIMIT \(live.connectionLimit)")
        }
        for setting in live.settings {
            let subject =
                setting.role.map { "ALTER ROLE \(SQL.identifier($0)) IN DATABASE \(database)" }
                ?? "ALTER DATABASE \(database)"
            let value = Self.listSettings.contains(setting.name) ? Self.list(setting.value) : SQL.literal(setting.value)
            statements.append("\(subject) SET \(Self.settingName(setting.name)) TO \(value)")
        }
        return statements
    }

    private func access(_ database: String, _ present: DatabaseFacts) -> [String] {
        // No grants at all mean the server's default: the owner everything, everybody CONNECT and TEMPORARY.
        let wanted =
            live.grants ?? [
                DatabaseGrant(role: nil, privilege: "CONNECT", grantable: false),
                DatabaseGrant(role: nil, privilege: "TEMPORARY", grantable: false),
                DatabaseGrant(role: live.owner, privilege: "CONNECT", grantable: false),
                DatabaseGrant(role: live.owner, privilege: "CREATE", grantable: false),
                DatabaseGrant(role: live.owner, privilege: "TEMPORARY", grantable: false),
            ]
        let others = Set((present.grants ?? []).compactMap(\.role) + [live.owner]).sorted()
        let revoked = ["PUBLIC"] + others.map(SQL.identifier)
        return revoked.map { "REVOKE ALL ON DATABASE \(database) FROM \($0)" }
            + wanted.map { grant in
                """
                GRANT \(grant.privilege) ON DATABASE \(database) TO \(grant.role.map(SQL.identifier) ?? "PUBLIC")\
                \(grant.grantable ? " WITH GRANT OPTION" : "")
                """
            }
    }

    /// Settings whose value is a list of quoted names, as the server stores it.
    private static let listSettings: Set = [
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
        "temp_tablespaces", "unix_socket_directories",
    ]

    /// `"$user", public` as `'$user', 'public'`.
    static func list(_ value: String) -> String {
        var names: [String] = []
        for piece in SQLWords.words(in: value) {
            if let name = piece.name { names.append(name) }
        }
        return names.isEmpty ? "''" : names.map(SQL.literal).joined(separator: ", ")
    }

    /// Settings of extensions have a dot in their name.
    private static func settingName(_ name: String) -> String {
        name.split(separator: ".").map { SQL.identifier(String($0)) }.joined(separator: ".")
    }
}
