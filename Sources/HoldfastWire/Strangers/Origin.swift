import NIOCore

/// Where a connection comes from, as far as it tells one peer from another: of IPv6 the network, since its owner has every
/// address in it.
struct Origin: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    init(_ address: SocketAddress?) {
        switch address {
        case .v4(let address): bytes = withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address):
            let all = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10...11].allSatisfy { $0 == 0xff }
            bytes = Array(isMapped ? all[12...] : all[..<8])
        case .unixDomainSocket, nil: bytes = []
        }
    }
}
