import Glibc
package import HoldfastModel

/// The directories that the node's own configuration opens to media services (`mediaRoots`). Nothing that comes over the
/// wire changes them.
package struct MediaRoots: Sendable {
    package let allowed: [String]
    private let own: OwnDirectories

    private let calls: any FileCalls

    /// - Parameter own: Holdfast's own directories, such as the node's data directory. A tree in one of them, or with one in
    ///   it, is refused whatever is allowed: it would give out keys and catalog, or put other files in their place.
    package init(allowed: [String], own: [String] = [], calls: any FileCalls) {
        self.allowed = allowed
        self.own = OwnDirectories(paths: own)
        self.calls = calls
    }

    /// Opens a service's tree. Below the allowed directory no component may be a symbolic link.
    ///
    /// Throws `notAllowedHere` outside of what is allowed and `notFound` where nothing, or no directory, is.
    package func open(_ path: String) throws -> MediaDirectory {
        let text = path.printable(limit: 4096)
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count < 4096, !path.utf8.contains(0) else {
            throw HoldfastError(.invalidArgument, "'\(text)' is not an absolute path of at most 4095 bytes.")
        }
        let components = Self.components(path)
        guard !components.contains("."), !components.contains("..") else {
            throw HoldfastError(.invalidArgument, "The path '\(text)' may not contain '.' or '..'.")
        }
        // The longest first, so that of two allowed directories, one in the other, the nearer decides.
        let candidates = allowed.map(Self.components).filter { components.starts(with: $0) }
            .sorted { $0.count > $1.count }
        guard let base = candidates.first else { throw notAllowed(text, "It lies in none of the directories there.") }
        let root = "/" + base.joined(separator: "/")
        let handle: MediaHandle
        do {
            handle = MediaHandle(owning: try calls.openConfiguredDirectory(Array(root.utf8)), calls: calls)
        } catch {
            throw Self.missing(root, error, "It is named by `mediaRoots` in the node's configuration.")
        }
        let rest = components.dropFirst(base.count).joined(separator: "/")
        do {
            let tree = try handle.directory(at: Array(rest.utf8), sameMount: false)
            if let conflict = try own.conflict(with: tree, calls: calls) {
                throw HoldfastError(
                    .notAllowedHere,
                    "'\(text)' lies in Holdfast's own directory '\(conflict)', or holds it. What it keeps there can't be "
                        + "media: give the service, or Holdfast, another directory.", context: ["path": path])
            }
            return try MediaDirectory(path: path, handle: tree)
        } catch let error as CallFailure {
            switch error.number {
            case ELOOP, EXDEV:
                throw notAllowed(text, "A part of it below '\(root)' is a symbolic link; name the real directory.")
            default: throw Self.missing(text, error, "Make the directory, or change the service's path.")
            }
        }
    }

    private func notAllowed(_ path: String, _ reason: String) -> HoldfastError {
        let list = allowed.isEmpty ? "none are set" : allowed.joined(separator: ", ").printable()
        return HoldfastError(
            .notAllowedHere,
            "This node may not touch '\(path)'. \(reason) Allow it by `mediaRoots` in the node's configuration (now: "
                + "\(list)).", context: ["setting": "mediaRoots", "path": path])
    }

    private static func missing(_ path: String, _ failure: CallFailure, _ advice: String) -> HoldfastError {
        switch failure.number {
        case ENOENT: HoldfastError(.notFound, "There is no directory '\(path)'. \(advice)", context: ["path": path])
        case ENOTDIR:
            HoldfastError(.notFound, "'\(path)' is, or leads through, something that is not a directory. \(advice)")
        case EACCES, EPERM:
            HoldfastError(.permissionDenied, "The node's user may not open '\(path)'. Grant it reading and searching.")
        default: HoldfastError(.inputOutput, "The directory '\(path)' can't be opened: \(failure.text).")
        }
    }

    private static func components(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    }
}

/// The root directory of a media tree, opened once.
package struct MediaDirectory: Sendable {
    /// As the service names it; for messages only.
    package let path: String
    package let identity: FileIdentity
    let handle: MediaHandle

    init(path: String, handle: MediaHandle) throws(CallFailure) {
        self.path = path
        self.handle = handle
        self.identity = try handle.status().identity
    }
}
