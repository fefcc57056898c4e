package import HoldfastModel

/// What serves the links of downloads, wherever they are asked for.
package protocol DownloadSource: Sendable {
    /// What a link leads to.
    ///
    /// - Throws: `LinkRefusal`; `unavailable` while this can't be told.
    func file(at link: DownloadLink) async throws -> LinkedFile

    /// Gives the bytes of `range` in order; returns after the last. Who takes a piece slowly slows the reading.
    ///
    /// - Throws: `LinkRefusal` where the link is revoked meanwhile, or what keeps the bytes from being read.
    func read(
        _ file: LinkedFile, _ range: Range<Int64>, to give: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws
}

/// The words of a link: `/d/DOWNLOAD/NUMBER/NAME?expires=SECONDS&signature=DIGITS`.
package struct DownloadLink: Hashable, Sendable {
    package var download: DownloadID
    /// Of the file, from 1.
    package var number: Int
    /// Seconds since 1970.
    package var expires: Int64
    package var signature: [UInt8]

    package init(download: DownloadID, number: Int, expires: Int64, signature: [UInt8]) {
        self.download = download
        self.number = number
        self.expires = expires
        self.signature = signature
    }

    /// Nil for what is no such link. The name at the end is only for whoever fetches it.
    package init?(download: String, number: String, expires: String, signature: String) {
        guard let id = DownloadID(download), let number = Int(number), (1...10_000).contains(number),
            let expires = Int64(expires), expires > 0, let signature = [UInt8](hexadecimal: signature),
            signature.count == 32
        else { return nil }
        self.init(download: id, number: number, expires: expires, signature: signature)
    }

    /// What is signed.
    package var signedBytes: [UInt8] { Array("\(download)/\(number)/\(expires)".utf8) }

    /// Path and query, with the file's name for programs that save under it.
    package func path(name: String) -> String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let escaped = name.utf8.map { byte in
            unreserved.contains(byte) ? String(UnicodeScalar(byte)) : "%" + [byte].hexadecimal.uppercased()
        }.joined()
        return "/d/\(download)/\(number)/\(escaped)?expires=\(expires)&signature=\(signature.hexadecimal)"
    }
}

/// A prepared file that a link leads to.
package struct LinkedFile: Hashable, Sendable {
    package var download: DownloadID
    package var number: Int
    package var file: DownloadFile
    package var readyAt: Timestamp

    package init(download: DownloadID, number: Int, file: DownloadFile, readyAt: Timestamp) {
        self.download = download
        self.number = number
        self.file = file
        self.readyAt = readyAt
    }
}

/// Why a link gives nothing.
package enum LinkRefusal: Error, Hashable, Sendable {
    /// The signature is not of this cluster, or for another link.
    case notGenuine
    case expired
    case revoked
    /// The download, its backup or its project is no longer there.
    case gone
}
