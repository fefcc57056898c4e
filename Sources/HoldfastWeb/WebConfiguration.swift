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
    package var limits = WebLimits()

    package init(host: String, port: Int, tls: TLS? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}

/// What no client may exceed.
package struct WebLimits: Hashable, Sendable {
    package var connections = 512
    /// Bytes of all header fields of a request together.
    package var headerBytes = 16 << 10
    package var headerFields = 64
    /// Within which a request's head has to be there, from the connection or the last answer on.
    package var headTimeout = Duration.seconds(30)
    /// Files being sent at once; each takes a reader on a node.
    package var transfers = 32
    /// How long a client may take nothing of what is sent to it.
    package var stallTimeout = Duration.seconds(120)

    package init() {}
}
