/// Where the web service listens, and what it bears.
package struct WebConfiguration: Hashable, Sendable {
    package struct TLS: Hashable, Sendable {
        /// PEM files: the certificate with those above it, and its key.
        package var certificateFile: String
        package var keyFile: String

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package var host: String
    package var port: Int
    /// Nil for plain HTTP, as behind a proxy that ends TLS.
    package var tls: TLS?
    /// Whether people reach this by HTTPS: cookies are then for that alone.
    package var isSecure: Bool
    /// Whether a proxy before it says in `X-Forwarded-For` who asks.
    package var isBehindProxy = false
    package var limits = WebLimits()

    package init(host: String, port: Int, tls: TLS? = nil, isSecure: Bool? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
        self.isSecure = isSecure ?? (tls != nil)
    }
}

/// What no client may exceed.
package struct WebLimits: Hashable, Sendable {
    package var connections = 512
    /// Of one address; behind a proxy, whose connections are everybody's, its requests under way.
    package var connectionsPerAddress = 128
    /// Bytes of all header fields of a request together.
    package var headerBytes = 16 << 10
    package var headerFields = 64
    /// Within which a request's head has to be there, from the connection or the last answer on.
    package var headTimeout = Duration.seconds(30)
    /// Files being sent at once; each takes a reader on a node.
    package var transfers = 32
    package var transfersPerAddress = 16
    /// Jobs being watched at once.
    package var watchers = 256
    /// A page that shows a job is loaded anew at each step, but not more than once a second, and whoever has left is found out
    /// by the heartbeat, every 15 seconds.
    package var watchersPerUser = 32
    /// Bytes of a request's body.
    package var bodyBytes = 64 << 10
    /// Within which a body has to be there.
    package var bodyTimeout = Duration.seconds(30)
    /// How long a client may take nothing of what is sent to it.
    package var stallTimeout = Duration.seconds(60)

    package init() {}
}
