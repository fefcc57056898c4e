package import HoldfastModel

/// Adds a service to an environment, or changes where it is.
package struct ServiceSet: Hashable, Codable, Sendable {
    package var environment: EnvironmentReference
    package var service: ServiceReference
    package var location: Location

    package enum Location: Hashable, Codable, Sendable {
        /// A connection string or URI; parsed by the coordinator, its password sealed at once.
        case database(url: Secret)
        case media(path: String)
    }

    package init(environment: EnvironmentReference, service: ServiceReference, location: Location) {
        self.environment = environment
        self.service = service
        self.location = location
    }
}
