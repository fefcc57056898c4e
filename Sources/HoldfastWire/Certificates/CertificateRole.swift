package import HoldfastModel
import SwiftASN1
import X509

/// Who a certificate names, as a URI among its alternative names: `holdfast:coordinator`, `holdfast:node:<id>` or
/// `holdfast:operator:<name>`. Roles, not host names: nodes move.
package enum CertificateRole: Hashable, Sendable {
    case coordinator
    case node(NodeID)
    case `operator`(String)

    package var uri: String {
        switch self {
        case .coordinator: "holdfast:coordinator"
        case .node(let id): "holdfast:node:\(id)"
        case .operator(let name): "holdfast:operator:\(name)"
        }
    }

    package init?(uri: String) {
        let parts = uri.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("holdfast", 2) where parts[1] == "coordinator": self = .coordinator
        case ("holdfast", 3) where parts[1] == "node":
            guard let id = NodeID(parts[2]) else { return nil }
            self = .node(id)
        case ("holdfast", 3) where parts[1] == "operator" && !parts[2].isEmpty: self = .operator(parts[2])
        default: return nil
        }
    }

    package var peer: Peer {
        switch self {
        case .coordinator: .coordinator
        case .node(let id): .node(id)
        case .operator(let name): .operator(name)
        }
    }

    /// The role in a certificate whose chain has been verified. Throws `unauthenticated` unless there is exactly one.
    package init(certificate der: [UInt8]) throws(HoldfastError) {
        guard let certificate = try? Certificate(derEncoded: der) else {
            throw HoldfastError(.unauthenticated, "The peer's certificate can't be read.")
        }
        self = try Self.of(certificate)
    }

    static func of(_ certificate: Certificate) throws(HoldfastError) -> CertificateRole {
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames()
        let roles = names.compactMap { name -> CertificateRole? in
            if case .uniformResourceIdentifier(let uri) = name { CertificateRole(uri: uri) } else { nil }
        }
        guard let role = roles.first, roles.count == 1 else {
            throw HoldfastError(.unauthenticated, "The peer's certificate names no role in a Holdfast cluster.")
        }
        return role
    }
}
