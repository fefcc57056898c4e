package import HoldfastModel

/// What differs between two media trees, by their manifests alone: both are read once, side by side.
///
/// Memory holds an entry of each and the page; time goes by the size of both.
package struct MediaComparison: Sendable {
    /// Of paths and targets: a page ends early rather than become larger.
    package static let byteLimit = 256 << 10

    package private(set) var totals = PartDifference.Totals()
    package private(set) var files: [FileDifference] = []
    /// The last path of the page; nil where no more follow.
    package private(set) var next: [UInt8]?

    private var bytes = 0
    private var last: [UInt8] = []
    private let after: [UInt8]?
    private let limit: Int

    /// - Parameters:
    ///   - path: the page begins behind it; nil for the first. The totals are of all pages.
    ///   - limit: at least 1.
    package init(
        from old: ManifestReader<some ObjectSource>, to new: ManifestReader<some ObjectSource>, after path: [UInt8]?,
        limit: Int
    ) async throws {
        (after, self.limit) = (path, limit)
        var (oldEntries, newEntries) = (try old.media(), try new.media())
        var (left, right) = (try await oldEntries.nextNamed(), try await newEntries.nextNamed())
        while left != nil || right != nil {
            try Task.checkCancellation()
            switch Self.order(left, right) {
            case .onlyOld:
                if let left { note(left, nil) }
                left = try await oldEntries.nextNamed()
            case .onlyNew:
                if let right { note(nil, right) }
                right = try await newEntries.nextNamed()
            case .both:
                note(left, right)
                left = try await oldEntries.nextNamed()
                right = try await newEntries.nextNamed()
            }
        }
    }

    private enum Order { case onlyOld, onlyNew, both }

    private static func order(_ left: MediaEntry?, _ right: MediaEntry?) -> Order {
        guard let left else { return .onlyNew }
        guard let right else { return .onlyOld }
        if left.path == right.path { return .both }
        return MediaOrder.precedes(left.path, right.path) ? .onlyOld : .onlyNew
    }

    private mutating func note(_ old: MediaEntry?, _ new: MediaEntry?) {
        guard let change = count(old, new), let path = (new ?? old)?.path, next == nil,
            after.map({ MediaOrder.precedes($0, path) }) ?? true
        else { return }
        guard files.count < limit, bytes < Self.byteLimit else {
            next = last
            return
        }
        let difference = FileDifference(
            path: EscapedPath.text(path), change: change, old: old.map { .init($0) }, new: new.map { .init($0) })
        bytes += difference.path.utf8.count
        bytes += (difference.old?.target?.utf8.count ?? 0) + (difference.new?.target?.utf8.count ?? 0)
        files.append(difference)
        last = path
    }

    /// Nil for what is the same.
    private mutating func count(_ old: MediaEntry?, _ new: MediaEntry?) -> FileDifference.Change? {
        guard let old else {
            totals.added.add(new?.size ?? 0)
            return .added
        }
        guard let new else {
            totals.removed.add(old.size)
            return .removed
        }
        if old.kind != new.kind {
            totals.changed.add(new.size)
            return .changed
        }
        if old.mode != new.mode || old.owner != new.owner || old.group != new.group || old.attributes != new.attributes
        {
            totals.attributes.add(new.size)
            return .attributes
        }
        totals.same.add(new.size)
        return nil
    }
}

extension FileDifference.Side {
    fileprivate init(_ entry: MediaEntry) {
        let file = BackupFile(entry, below: 0)
        self.init(kind: file.kind, bytes: file.bytes, modifiedAt: file.modifiedAt, target: file.target)
    }
}

extension MediaEntry {
    fileprivate var size: Int64 {
        if case .file(let size, _, _) = kind { Int64(clamping: size) } else { 0 }
    }
}

extension MediaManifestReader {
    /// The next entry that stands for its path: not the root, not an earlier version.
    fileprivate mutating func nextNamed() async throws -> MediaEntry? {
        while let entry = try await next() {
            if !entry.path.isEmpty, !entry.flags.contains(.earlier) { return entry }
        }
        return nil
    }
}
