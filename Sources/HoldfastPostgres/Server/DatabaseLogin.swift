package import HoldfastModel

/// Where a database is and how to get in.
package struct DatabaseLogin: Hashable, Sendable {
    package var address: DatabaseAddress
    package var password: Secret?

    package init(address: DatabaseAddress, password: Secret?) {
        self.address = address
        self.password = password
    }

    /// The same server and role, another database.
    package func at(database: String) -> DatabaseLogin {
        var login = self
        login.address.database = database
        return login
    }
}
