package import HoldfastModel

/// All services of a kind, or one of them.
package enum ServiceSelector: Hashable, Codable, Sendable {
    case kind(ServiceKind)
    case service(ServiceReference)

    package func selects(_ service: ServiceReference) -> Bool {
        switch self {
        case .kind(let kind): service.kind == kind
        case .service(let one): service == one
        }
    }
}
