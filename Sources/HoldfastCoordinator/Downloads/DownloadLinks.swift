package import HoldfastArchive
package import HoldfastCommands
package import HoldfastModel

/// Makes links to the files of a download, and tells genuine ones. A link is never kept: it follows from the download and
/// the cluster key.
package struct DownloadLinks: Sendable {
    private static let purpose = "download-link"

    private let clusterKey: ClusterKey
    /// What links begin with; nil where none are served.
    private let publicURL: String?

    package init(clusterKey: ClusterKey, publicURL: String?) {
        self.clusterKey = clusterKey
        self.publicURL = publicURL
    }

    /// - Throws: `checkFailed` where this cluster serves no links.
    package func requireServed() throws(HoldfastError) {
        guard publicURL != nil else {
            throw HoldfastError(
                .checkFailed,
                "This cluster serves no links: say `http:` in coordinator.yaml where it is to listen for browsers")
        }
    }

    /// The link of the file with this number, from 1.
    ///
    /// - Throws: `checkFailed` unless the download is ready.
    package func link(to number: Int, of download: Download) throws(HoldfastError) -> Secret {
        try requireServed()
        guard let expiresAt = download.expiresAt, download.files.indices.contains(number - 1) else {
            throw HoldfastError(
                .checkFailed, "Download \(download.id) is \(download.state.rawValue), so it has no links")
        }
        var link = DownloadLink(
            download: download.id, number: number, expires: expiresAt.milliseconds / 1000, signature: [])
        link.signature = clusterKey.code(for: link.signedBytes, purpose: Self.purpose)
        return Secret((publicURL ?? "") + link.path(name: download.files[number - 1].name))
    }

    package func isGenuine(_ link: DownloadLink) -> Bool {
        clusterKey.isCode(link.signature, for: link.signedBytes, purpose: Self.purpose)
    }
}
