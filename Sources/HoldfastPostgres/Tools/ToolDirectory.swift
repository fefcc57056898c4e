import Glibc
import HoldfastModel

/// A directory of one tool's run, with the password where no other user, process list or log shows it. Removed with the
/// value.
struct ToolDirectory: ~Copyable {
    let path: String

    init(in parent: String) throws(HoldfastError) {
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw HoldfastError(
                errno == ENOSPC ? .noSpace : .inputOutput,
                "Can't make a temporary directory in \(parent): \(String(cString: strerror(errno)))")
        }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in ["pgpass", "list"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// Removes those that processes left which could not do it themselves.
    static func removeAll(in parent: String) {
        guard let stream = opendir(parent) else { return }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
                })
        }
        for name in names where name.hasPrefix(prefix) { remove("\(parent)/\(name)") }
    }

    private static let prefix = "holdfast-tool-"

    /// - Returns: the path of a file that answers every login with the password.
    func passwordFile(_ password: Secret?) throws(HoldfastError) -> String {
        guard let password else { return PostgresEnvironment.noFile }
        guard !password.revealed.utf8.contains(where: { $0 == 0x0a || $0 == 0x0d || $0 == 0 }) else {
            throw HoldfastError(.invalidArgument, "A database password with a line break can't be given to pg_dump")
        }
        let escaped = password.revealed.flatMap { $0 == ":" || $0 == "\\" ? ["\\", $0] : [$0] }
        return try write(Array("*:*:*:*:\(String(escaped))\n".utf8), to: "pgpass")
    }

    /// Writes a file that only this user can read.
    func write(_ bytes: [UInt8], to name: String) throws(HoldfastError) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(file) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure(file) }
            done += count
        }
        return file
    }

    private func failure(_ file: String) -> HoldfastError {
        HoldfastError(
            errno == ENOSPC ? .noSpace : .inputOutput, "Can't write \(file): \(String(cString: strerror(errno)))")
    }
}
