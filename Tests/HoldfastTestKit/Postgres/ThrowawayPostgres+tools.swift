import Glibc
import HoldfastModel
import Subprocess

extension ThrowawayPostgres {
    /// Runs a command as the user that servers run as.
    static func tool(_ command: [String]) async throws {
        let isRoot = geteuid() == 0
        let words =
            (isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : []) + command
        // A server inherits its starter's output, and a pipe would never end.
        let result = try await Subprocess.run(
            .name(words[0]), arguments: Arguments(Array(words.dropFirst())),
            environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]), output: .discarded,
            error: .discarded)
        guard result.terminationStatus.isSuccess else {
            throw HoldfastError(.toolFailed, "\(command.joined(separator: " ")) ended with \(result.terminationStatus)")
        }
    }

    /// Starts a process that waits for ours to end and then ends the server, however we came to our end.
    static func watch(_ directory: String) async throws {
        let script = """
            ( while kill -0 \(getpid()) 2>/dev/null && [ -e \(directory)/data/postmaster.pid ]; do sleep 1; done
            [ -e \(directory)/data/postmaster.pid ] || exit 0
            kill -QUIT $(head -1 \(directory)/data/postmaster.pid); sleep 1; rm -rf \(directory)
            ) </dev/null >/dev/null 2>&1 &
            """
        // Run as ourselves: the server's user may not look at our process.
        _ = try await Subprocess.run(
            .name("setsid"), arguments: ["sh", "-c", script],
            environment: .custom(["PATH": "/usr/bin:/bin"]), output: .discarded, error: .discarded)
    }

    static func makeDirectory() throws -> String {
        var template = Array("/tmp/hfpg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw HoldfastError(.inputOutput, "Can't make a temporary directory in /tmp")
        }
        let path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        if geteuid() == 0, let user = getpwnam("postgres") { chown(path, user.pointee.pw_uid, user.pointee.pw_gid) }
        return path
    }

    /// A port that nobody listens on at the moment.
    package static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard found else { throw HoldfastError(.inputOutput, "Can't find a free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
