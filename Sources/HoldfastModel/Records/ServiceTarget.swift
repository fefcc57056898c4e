/// A service with what a worker needs to reach it. Lives in memory and on the wire, never on disk.
package struct ServiceTarget: Hashable, Codable, Sendable {
    package var service: ServiceReference
    package var location: Location

    package enum Location: Hashable, Codable, Sendable {
        case database(DatabaseAddress, password: Secret?)
        case media(path: String)
    }

    package init(service: ServiceReference, location: Location) {
        self.service = service
        self.location = location
    }
}
