/// A path that a search found in one backup.
package struct FoundFile: Hashable, Codable, Sendable {
    /// How its content is to that in the backup before, of the same environment and service, that could be read.
    package enum Change: String, Codable, Sendable, CaseIterable {
        case same, changed
        /// That one has no such path, or there is none before.
        case added
    }

    /// From the media's root. A backslash, control characters and bytes that are no text are escaped.
    package var path: String
    package var kind: BackupFile.Kind
    /// Of a file.
    package var bytes: Int64?
    package var modifiedAt: Timestamp
    /// Where a link leads, escaped as the path is; of a hard link from the media's root.
    package var target: String?
    /// Of a file: digits that are alike, within a project, for what was stored alike.
    package var content: String?
    /// Nil where it can't be told.
    package var change: Change?

    package init(
        path: String, kind: BackupFile.Kind, bytes: Int64?, modifiedAt: Timestamp, target: String?, content: String?
    ) {
        self.path = path
        self.kind = kind
        self.bytes = bytes
        self.modifiedAt = modifiedAt
        self.target = target
        self.content = content
    }

    /// How it is to `older`, which has the same path; nil for a second name of a file, whose content is told of the first.
    package func change(since older: FoundFile) -> Change? {
        guard kind == older.kind, content == older.content, target == older.target else { return .changed }
        return kind == .hardLink ? nil : .same
    }
}
