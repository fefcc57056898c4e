package import HoldfastModel

/// Some of the names in one directory of a media tree, and where the next begin.
///
/// What lies deeper is passed over entry by entry: a page takes time by the size of the tree, and memory by its own.
package struct DirectoryPage: Sendable {
    /// Of names and targets: a page ends early rather than become larger.
    package static let byteLimit = 256 << 10

    package private(set) var files: [BackupFile] = []
    /// Nil after the last.
    package private(set) var next: ManifestPosition?

    /// - Parameters:
    ///   - directory: from the tree's root; empty for the root itself. Of what is no directory the page is that one name.
    ///   - place: where an earlier page of the same directory said that the next begin.
    /// - Throws: `notFound` where the tree has no such name; what reading the manifest throws.
    package init(
        of directory: [UInt8], in manifest: ManifestReader<some ObjectSource>, from place: ManifestPosition?,
        limit: Int
    ) async throws {
        var entries =
            try place.map { (place) throws(HoldfastError) in try manifest.media(from: place) }
            ?? manifest.media()
        if place == nil, !directory.isEmpty {
            let found = try await Self.find(directory, in: &entries)
            guard case .directory = found.kind else {
                files = [BackupFile(found, below: directory.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)]
                return
            }
        }
        try await fill(from: &entries, of: directory, limit: limit)
    }

    private static func find(
        _ path: [UInt8], in entries: inout MediaManifestReader<some ObjectSource>
    ) async throws -> MediaEntry {
        while let entry = try await entries.next(), !MediaOrder.precedes(path, entry.path) {
            try Task.checkCancellation()
            if entry.path == path, !entry.flags.contains(.earlier) { return entry }
        }
        throw HoldfastError(.notFound, "The backup has no \(String.printable(path: path)) in its media")
    }

    private mutating func fill(
        from entries: inout MediaManifestReader<some ObjectSource>, of directory: [UInt8], limit: Int
    ) async throws {
        let start = directory.isEmpty ? 0 : directory.count + 1
        var bytes = 0
        while true {
            try Task.checkCancellation()
            let place = entries.place
            guard let entry = try await entries.next(), Self.isIn(directory, entry.path) else { return }
            let name = entry.path.dropFirst(start)
            // The root itself, and what lies deeper.
            guard !name.isEmpty, !name.contains(UInt8(ascii: "/")) else { continue }
            guard files.count < limit, bytes < Self.byteLimit else {
                next = place
                return
            }
            let file = BackupFile(entry, below: start)
            bytes += file.name.utf8.count + (file.target?.utf8.count ?? 0)
            files.append(file)
        }
    }

    private static func isIn(_ directory: [UInt8], _ path: [UInt8]) -> Bool {
        directory.isEmpty
            || path.count > directory.count && path[directory.count] == UInt8(ascii: "/")
                && path.starts(with: directory)
    }
}

extension BackupFile {
    /// - Parameter start: of the name within the path.
    init(_ entry: MediaEntry, below start: Int) {
        let (kind, bytes, target): (Kind, UInt64?, [UInt8]?) =
            switch entry.kind {
            case .directory: (.directory, nil, nil)
            case .file(let size, _, _): (.file, size, nil)
            case .symbolicLink(let target): (.symbolicLink, nil, target)
            case .hardLink(let first): (.hardLink, nil, first)
            case .fifo: (.fifo, nil, nil)
            case .socket: (.socket, nil, nil)
            case .characterDevice, .blockDevice: (.device, nil, nil)
            }
        let all: [(MediaEntry.Flags, Remark)] = [
            (.vanished, .vanished), (.earlier, .earlier), (.unsettled, .unsettled),
        ]
        let remarks = all.filter { entry.flags.contains($0.0) }.map(\.1)
        let milliseconds = entry.modified.seconds.multipliedReportingOverflow(by: 1000)
        self.init(
            name: EscapedPath.text(entry.path.dropFirst(start)), kind: kind, bytes: bytes.map { Int64(clamping: $0) },
            modifiedAt: Timestamp(
                milliseconds: milliseconds.overflow
                    ? (entry.modified.seconds < 0 ? .min : .max)
                    : milliseconds.partialValue &+ Int64(entry.modified.nanoseconds / 1_000_000)),
            mode: entry.mode, owner: entry.owner, group: entry.group, target: target.map { EscapedPath.text($0) },
            remarks: remarks.isEmpty ? nil : remarks)
    }
}
