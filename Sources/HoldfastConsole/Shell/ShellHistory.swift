import Glibc
import HoldfastModel

/// The lines typed in the shell, kept in a file that only its owner may read. Lines that hold secrets are not kept.
struct ShellHistory {
    private static let limitLines = 1000
    private static let limitBytes = 1024 * 1024

    private(set) var lines: [String] = []
    private let path: String?

    /// - Parameter path: nil keeps the lines in memory only.
    init(path: String?) {
        self.path = path
        guard let path else { return }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // A history that can't be read is no reason not to work.
        let bytes = (try? BoundedFile.bytes(of: descriptor, limit: Self.limitBytes, named: path)) ?? []
        lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap { String(validating: $0, as: UTF8.self) }
            .filter { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } }
            .suffix(Self.limitLines)
    }

    private static let secretOptions = ["--url", "--webhook", "--password", "--current"]

    static func isKept(_ line: String) -> Bool {
        !line.allSatisfy(\.isWhitespace) && line.first != " "
            && !secretOptions.contains { line.contains("\($0) ") || line.contains("\($0)=") } && !line.contains("://")
            && line.split(separator: " ").first != "login"
    }

    mutating func add(_ line: String) {
        guard Self.isKept(line), line != lines.last else { return }
        lines = (lines + [line]).suffix(Self.limitLines)
        save()
    }

    private func save() {
        guard let path else { return }
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let bytes = Array(lines.joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count
        close(descriptor)
        if isWritten { rename(temporary, path) } else { unlink(temporary) }
    }
}
