import Foundation
package import HoldfastModel

/// Where the cluster is and who asks, as `client.json` says.
package struct ClientSettings: Codable, Sendable {
    /// `host:port` of the console; an IPv6 address in brackets.
    package var address: String
    /// The cluster's CA certificate: PEM text, or the path of a file, relative to that of the settings.
    package var ca: String?
    package var caFile: String?
    package var token: Secret
    /// The name in the server's certificate, where it isn't the host of the address.
    package var serverName: String?

    package init(
        address: String, ca: String? = nil, caFile: String? = nil, token: Secret, serverName: String? = nil
    ) {
        self.address = address
        self.ca = ca
        self.caFile = caFile
        self.token = token
        self.serverName = serverName
    }

    package static let limitBytes = 256 * 1024

    /// - Throws: `notFound` where there is no such file, `permissionDenied` where others could read the token,
    ///   `invalidArgument` for what isn't settings.
    package static func load(_ path: String) throws(HoldfastError) -> ClientSettings {
        let name = path.printable()
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw HoldfastError(.notFound, "Can't read the client's settings \(name): \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw HoldfastError(
                .permissionDenied,
                "Others may read \(name), which holds a token. Make it yours alone: chmod 600 \(name)")
        }
        let bytes = try BoundedFile.bytes(of: descriptor, limit: limitBytes, named: name)
        do {
            var settings = try JSONDecoder().decode(ClientSettings.self, from: Data(bytes))
            settings.resolvePaths(besides: path)
            _ = try settings.endpoint()
            return settings
        } catch let error as HoldfastError {
            throw error.during(name)
        } catch {
            throw HoldfastError(
                .invalidArgument,
                "\(name) is no client's settings: it needs address, token, and ca or caFile, as JSON")
        }
    }

    /// Writes the file whole, readable by its owner only.
    package func save(_ path: String) throws(HoldfastError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw HoldfastError(.inputOutput, "Can't write \(path.printable()): \(SystemError.text(errno))")
        }
        let text = Array((JSONLine.text(of: self) + "\n").utf8)
        let isWritten = write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
            throw HoldfastError(.inputOutput, "Can't write \(path.printable()): \(SystemError.text(errno))")
        }
    }

    package func authorityPEM() throws(HoldfastError) -> String {
        if let ca { return ca }
        guard let caFile else {
            throw HoldfastError(.invalidArgument, "The client's settings name no CA: add ca or caFile")
        }
        let descriptor = open(caFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw HoldfastError(
                .notFound, "Can't read the CA's certificate \(caFile.printable()): \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        let bytes = try BoundedFile.bytes(of: descriptor, limit: Self.limitBytes, named: caFile.printable())
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Throws: `invalidArgument` unless the address is `host:port`.
    package func endpoint() throws(HoldfastError) -> (host: String, port: Int) {
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            (1...65_535).contains(port)
        else {
            throw HoldfastError(.invalidArgument, "The address “\(address.printable(limit: 80))” is not host:port")
        }
        var host = address[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else {
            throw HoldfastError(.invalidArgument, "The address “\(address.printable(limit: 80))” names no host")
        }
        return (String(host), port)
    }

    private mutating func resolvePaths(besides path: String) {
        guard let caFile, !caFile.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return }
        self.caFile = path[...slash] + caFile
    }
}
