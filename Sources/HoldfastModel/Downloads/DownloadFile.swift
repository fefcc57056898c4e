/// One file of a download, as it is served.
package struct DownloadFile: Hashable, Codable, Sendable {
    package var content: DownloadContent
    /// What it is to be called on the disk of whoever fetches it.
    package var name: String
    /// Such as `application/x-tar`.
    package var type: String
    package var bytes: Int64
    /// In hexadecimal digits.
    package var sha256: String
    /// When its content was captured.
    package var capturedAt: Timestamp
    /// How its bytes follow from the backup's part, in a worker's words.
    package var layout: String

    package init(
        content: DownloadContent, name: String, type: String, bytes: Int64, sha256: String, capturedAt: Timestamp,
        layout: String
    ) {
        self.content = content
        self.name = name
        self.type = type
        self.bytes = bytes
        self.sha256 = sha256
        self.capturedAt = capturedAt
        self.layout = layout
    }
}
