import HoldfastArchive
import HoldfastModel

/// Opens what a worker needs to reach the services of an environment.
struct ServiceTargets: Sendable {
    let environment: Environment
    let clusterKey: ClusterKey

    /// - Throws: `notFound` for a service that the environment doesn't have.
    func target(_ reference: ServiceReference) throws -> ServiceTarget {
        guard let service = environment.services.first(where: { $0.reference == reference }) else {
            throw HoldfastError(
                .notFound,
                "\(environment.reference) has no service \(reference): add it with `holdfast service set`, or leave it out"
            )
        }
        switch service.target {
        case .media(let path):
            return ServiceTarget(service: reference, location: .media(path: path))
        case .database(let address, let sealed):
            let purpose = Self.purpose(environment.reference, reference)
            let password = try sealed.map { try clusterKey.open($0, purpose: purpose) }
            return ServiceTarget(service: reference, location: .database(address, password: password))
        }
    }

    static func purpose(_ environment: EnvironmentReference, _ service: ServiceReference) -> String {
        "database-password/\(environment)/\(service)"
    }
}
