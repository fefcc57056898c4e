import Foundation
import HoldfastModel
import HoldfastNode

/// Whether a port can be listened on. Asked before settings are written that name it, so that a mistyped address doesn't
/// become the cluster's own.
enum PortProbe {
    static func check(_ address: NetworkAddress) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let info = found?.pointee else {
            throw HoldfastError(.invalidArgument, "The host of \(address) is not known: check its spelling")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(info.ai_family, info.ai_socktype, info.ai_protocol)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
            throw HoldfastError(
                errno == EADDRINUSE ? .busy : .invalidArgument,
                "Can't listen on \(address): \(String(cString: strerror(errno))). Choose another address or port")
        }
    }
}
