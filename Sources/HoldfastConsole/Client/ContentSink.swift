import Crypto
import Glibc
import HoldfastCommands
import HoldfastModel

/// Where the bytes go that a command gives. A file is written beside its place, and bears its name only once all of it is
/// there, compared and on the disk.
final class ContentSink {
    private let output: String?
    private let isForced: Bool
    private let terminal: ClientTerminal
    private var head: ContentHead?
    private var hasher = SHA256()
    private var byteCount: Int64 = 0
    private var file: (descriptor: Int32, aside: String)?
    /// The path it is put at; nil for standard output.
    private(set) var place: String?

    init(to output: String?, isForced: Bool, terminal: ClientTerminal) {
        self.output = output
        self.isForced = isForced
        self.terminal = terminal
    }

    var progress: Progress {
        Progress(step: "get", subject: head?.name, bytes: byteCount, totalBytes: head?.bytes)
    }

    /// - Throws: `alreadyExists` where it can be told before anything is asked for.
    func requireFree() throws {
        guard let output, output != "-", !isDirectory(output) else { return }
        try requireFree(output)
    }

    /// - Throws: `alreadyExists`; `inputOutput` where nothing can be made there.
    func begin(_ head: ContentHead) throws {
        guard self.head == nil else { throw mistaken }
        self.head = head
        guard output != "-" else { return }
        let path: String
        switch output {
        case nil: path = Self.component(head.name)
        case let output? where isDirectory(output):
            path = output.hasSuffix("/") ? output + Self.component(head.name) : "\(output)/\(Self.component(head.name))"
        case let output?: path = output
        }
        try requireFree(path)
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        let directory = slash.map { String(path[..<$0]) } ?? ""
        let aside = "\(directory).holdfast-\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failed("make a file beside", path) }
        file = (descriptor, aside)
        place = path
    }

    func write(_ bytes: [UInt8]) throws {
        guard let head else { throw mistaken }
        byteCount += Int64(bytes.count)
        guard byteCount <= head.bytes else { throw mistaken }
        hasher.update(data: bytes)
        guard let file else { return try terminal.writeOutput(bytes) }
        guard Self.writeAll(bytes, to: file.descriptor) else { throw failed("write", place ?? "") }
    }

    /// - Throws: `corrupt` where what came is not what was sent.
    func finish(_ given: GivenContent) throws {
        guard let head, given.content == head, byteCount == head.bytes,
            Self.digits(hasher.finalize()) == given.sha256
        else { throw mistaken }
        guard let file, let place else { return }
        guard fsync(file.descriptor) == 0 else { throw failed("keep", place) }
        try publish(file.aside, as: place)
        close(file.descriptor)
        self.file = nil
        syncDirectory(of: place)
    }

    /// Takes away what isn't whole.
    func abandon() {
        guard let file else { return }
        close(file.descriptor)
        unlink(file.aside)
        self.file = nil
        place = nil
    }

    // MARK: parts

    private func publish(_ aside: String, as place: String) throws {
        if isForced {
            guard rename(aside, place) == 0 else { throw failed("put", place) }
            return
        }
        // Unlike a renaming, a link replaces nothing.
        if link(aside, place) == 0 {
            unlink(aside)
            return
        }
        guard errno != EEXIST else { throw exists(place) }
        // Some file systems have no links.
        try requireFree(place)
        guard rename(aside, place) == 0 else { throw failed("put", place) }
    }

    private func requireFree(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw HoldfastError(
                .alreadyExists, "\(path.printable(limit: 4000)) is a directory: say another place with -o")
        }
        guard isForced else { throw exists(path) }
    }

    private func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The cluster says names that are one component. This is our disk, so it is looked at again.
    private static func component(_ name: String) -> String {
        name.isEmpty || name.hasPrefix(".") || name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 < 0x20 })
            ? "content" : name
    }

    private func exists(_ path: String) -> HoldfastError {
        HoldfastError(
            .alreadyExists,
            "\(path.printable(limit: 4000)) is there already: add --force to replace it, or say where with -o")
    }

    private func failed(_ what: String, _ path: String) -> HoldfastError {
        let number = errno
        return HoldfastError(
            number == ENOSPC || number == EDQUOT ? .noSpace : .inputOutput,
            "Can't \(what) \(path.printable(limit: 4000)): \(SystemError.text(number))")
    }

    private var mistaken: HoldfastError {
        HoldfastError(.corrupt, "What came is not what the cluster sent: try again. Nothing of it was kept")
    }

    private func syncDirectory(of path: String) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropLast()
        let directory = parts.isEmpty ? "." : parts.map { String(Substring($0)) }.joined(separator: "/") + "/"
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    private static func digits(_ digest: SHA256.Digest) -> String { Array(digest).hexadecimal }

    /// False where it could not be, with the reason in `errno`.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
