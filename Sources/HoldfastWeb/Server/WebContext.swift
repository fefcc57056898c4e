import HTTPTypes
import HoldfastModel
import Hummingbird
import NIOCore

/// What is known of a request beside itself: its peer.
struct WebContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// - Parameter isBehindProxy: then the last of those that a proxy has written down is the peer; others can be made up.
    func address(of request: Request, isBehindProxy: Bool) -> String? {
        if isBehindProxy, let forwarded = request.headers[Self.forwardedFor]?.split(separator: ",").last {
            return String(forwarded.filter { $0 != " " })
        }
        return remoteAddress?.ipAddress
    }

    private static let forwardedFor = HTTPField.Name.known("X-Forwarded-For")
}
