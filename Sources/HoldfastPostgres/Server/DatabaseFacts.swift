/// What a dump doesn't carry and a restore wants to know: recorded with each backup, and read from a destination before
/// its database is swapped.
package struct DatabaseFacts: Hashable, Codable, Sendable {
    package var version = 1
    /// As the server says it: `15.18 (Debian 15.18-0+deb12u1)`.
    package var serverVersion: String
    package var serverMajor: Int
    /// The server's system identifier; nil where the role may not read it.
    package var system: String?
    package var oid: UInt32
    package var name: String
    package var locale: DatabaseLocale
    package var owner: String
    /// Nil where nothing was ever granted or revoked, which means the server's default.
    package var grants: [DatabaseGrant]?
    package var comment: String?
    package var tablespace: String
    /// -1 is unlimited.
    package var connectionLimit: Int
    package var settings: [DatabaseSetting]
    package var extensions: [DatabaseExtension]
    /// Every role that owns something in the database or was granted something there.
    package var roles: [String]
    package var bytes: Int64

    package init(
        serverVersion: String, serverMajor: Int, system: String?, oid: UInt32, name: String, locale: DatabaseLocale,
        owner: String, grants: [DatabaseGrant]?, comment: String?, tablespace: String, connectionLimit: Int,
        settings: [DatabaseSetting], extensions: [DatabaseExtension], roles: [String], bytes: Int64
    ) {
        self.serverVersion = serverVersion
        self.serverMajor = serverMajor
        self.system = system
        self.oid = oid
        self.name = name
        self.locale = locale
        self.owner = owner
        self.grants = grants
        self.comment = comment
        self.tablespace = tablespace
        self.connectionLimit = connectionLimit
        self.settings = settings
        self.extensions = extensions
        self.roles = roles
        self.bytes = bytes
    }
}

/// How a database stores and sorts text.
package struct DatabaseLocale: Hashable, Codable, Sendable {
    package var encoding: String
    package var collation: String
    package var characterType: String
    /// `c` for the C library, `i` for ICU, `b` for the server's own; nil before PostgreSQL 15.
    package var provider: String?
    /// The locale of the provider `i` or `b`.
    package var providerLocale: String?

    package init(
        encoding: String, collation: String, characterType: String, provider: String?, providerLocale: String?
    ) {
        self.encoding = encoding
        self.collation = collation
        self.characterType = characterType
        self.provider = provider
        self.providerLocale = providerLocale
    }
}

/// One privilege on the database itself.
package struct DatabaseGrant: Hashable, Codable, Sendable {
    /// Nil is PUBLIC.
    package var role: String?
    /// `CONNECT`, `CREATE` or `TEMPORARY`.
    package var privilege: String
    package var grantable: Bool

    package init(role: String?, privilege: String, grantable: Bool) {
        self.role = role
        self.privilege = privilege
        self.grantable = grantable
    }
}

/// One `ALTER DATABASE … SET`, or `ALTER ROLE … IN DATABASE … SET` where a role is named.
package struct DatabaseSetting: Hashable, Codable, Sendable {
    package var role: String?
    package var name: String
    package var value: String

    package init(role: String?, name: String, value: String) {
        self.role = role
        self.name = name
        self.value = value
    }
}

package struct DatabaseExtension: Hashable, Codable, Sendable {
    package var name: String
    package var version: String
    package var schema: String

    package init(name: String, version: String, schema: String) {
        self.name = name
        self.version = version
        self.schema = schema
    }
}
