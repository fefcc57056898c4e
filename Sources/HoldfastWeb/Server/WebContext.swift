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
            return Self.withoutPort(forwarded.filter { $0 != " " })
        }
        return remoteAddress?.ipAddress
    }

    /// Some proxies write the port with it: `192.0.2.7:4711`, `[2001:db8::1]:4711`.
    private static func withoutPort(_ text: String) -> String {
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        let sides = text.split(separator: ":", omittingEmptySubsequences: false)
        return sides.count == 2 ? String(sides[0]) : text
    }

    private static let forwardedFor = HTTPField.Name.known("X-Forwarded-For")
}
