/// Where somebody comes from, as it is counted. An owner of IPv6 has many addresses, and many networks of them.
package struct Place: Hashable, Sendable {
    /// An IPv4 address, or the /64 network of an IPv6 one, which is one site's.
    package var site: String
    /// The /48 network around it, which is one owner's; of IPv4 the address again.
    package var owner: String

    package init(site: String, owner: String) {
        self.site = site
        self.owner = owner
    }

    /// One that is nobody's address.
    package init(_ name: String) { self.init(site: name, owner: name) }
}
