import Glibc
import HoldfastModel
import NIOCore
import NIOPosix
import NIOSSL

/// What went wrong on a socket, in words that say what to do.
enum LinkFailure {
    static func error(_ error: any Error) -> HoldfastError {
        switch error {
        case let error as HoldfastError: return error
        case is NIOSSLExtraError, BoringSSLError.sslError, NIOSSLError.handshakeFailed:
            let text = "\(error)".uppercased()
            if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("UNKNOWN_CA") {
                return HoldfastError(
                    .unauthenticated,
                    "The certificate was refused: it is not from this cluster's authority, or expired.")
            }
            if text.contains("CERTIFICATE_REQUIRED") || text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") {
                return HoldfastError(.unauthenticated, "The peer demands a certificate of the cluster.")
            }
            return HoldfastError(.unavailable, "TLS 1.3 could not be agreed on: is this a Holdfast port?")
        case NIOSSLError.uncleanShutdown: return HoldfastError(.unavailable, "The connection was cut.")
        case let error as IOError where error.errnoCode == ECONNRESET || error.errnoCode == EPIPE:
            return HoldfastError(.unavailable, "The peer cut the connection.")
        case let error as IOError: return HoldfastError(.unavailable, "The network failed: \(error.description).")
        case is ChannelError: return HoldfastError(.unavailable, "The connection is closed.")
        default: return HoldfastError(.unavailable, "The connection failed: \(error)".printable(limit: 300))
        }
    }
}
