package import HoldfastModel

package struct ServiceDetail: Codable, Hashable, Sendable {
    package var service: ServiceReference
    /// `postgresql://shop@db/shop` or a path; never a password.
    package var location: String

    package init(service: ServiceReference, location: String) {
        self.service = service
        self.location = location
    }
}
