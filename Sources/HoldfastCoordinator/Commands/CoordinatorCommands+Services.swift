import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    private static let serviceLimit = 50
    private static let pathLimit = 4095

    /// Adds a service or changes where it is. A password is sealed before anything else is done with it.
    func setService(_ set: ServiceSet) async throws -> CommandResult {
        let stored = try await office.environments.record(set.environment)
        let service = Service(reference: set.service, target: try target(of: set))
        var environment = stored.value
        if let index = environment.services.firstIndex(where: { $0.reference == set.service }) {
            // A new password is welcome at any time, another place is not.
            if !service.isSamePlace(as: environment.services[index]) { try await requireNoRestore(on: set.environment) }
            environment.services[index] = service
        } else {
            guard environment.services.count < Self.serviceLimit else {
                throw HoldfastError(
                    .tooLarge, "\(set.environment) has \(Self.serviceLimit) services; more are not possible")
            }
            environment.services.append(service)
            environment.services.sort { $0.reference < $1.reference }
        }
        return try await put(environment, over: stored)
    }

    func removeService(
        _ reference: EnvironmentReference, _ service: ServiceReference
    ) async throws -> CommandResult {
        let stored = try await office.environments.record(reference)
        var environment = stored.value
        guard environment.services.contains(where: { $0.reference == service }) else {
            throw HoldfastError(.notFound, "\(reference) has no service \(service)")
        }
        try await requireNoRestore(on: reference)
        environment.services.removeAll { $0.reference == service }
        return try await put(environment, over: stored)
    }

    private func target(of set: ServiceSet) throws -> Service.Target {
        switch (set.service.kind, set.location) {
        case (.database, .database(let url)):
            let (address, password) = try parseConnection(url.revealed)
            let purpose = ServiceTargets.purpose(set.environment, set.service)
            return .database(
                address,
                password: try password.map {
                    try office.clusterKey.seal($0, purpose: purpose, entropy: office.entropy)
                })
        case (.media, .media(let path)):
            guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= Self.pathLimit, !path.utf8.contains(0) else {
                throw HoldfastError(
                    .invalidArgument,
                    "“\(path.printable(limit: 80))” can't be a media tree: write the absolute path it has on its node")
            }
            return .media(path: path)
        case (.database, .media), (.media, .database):
            throw HoldfastError(
                .invalidArgument,
                "\(set.service) needs \(set.service.kind == .media ? "a path" : "a connection string")")
        }
    }
}

extension Service {
    func isSamePlace(as other: Service) -> Bool {
        switch (target, other.target) {
        case (.database(let one, _), .database(let two, _)):
            (one.host, one.port, one.database) == (two.host, two.port, two.database)
        case (.media(let one), .media(let two)): one == two
        default: false
        }
    }

    /// Where it is, without a password.
    var detail: ServiceDetail {
        let location =
            switch target {
            case .database(let address, _): address.description
            case .media(let path): path
            }
        return ServiceDetail(service: reference, location: location)
    }
}
