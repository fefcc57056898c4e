import HoldfastModel
import Dispatch
import Glibc

/// A TCP client that knows no protocol. Reading ends when nothing came for a minute.
package final class RawSocket: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// - Parameters:
    ///   - address: of the loopback, from which to connect.
    ///   - receiveBuffer: how many bytes the system takes for it before they are read; as many as it likes where it is nil.
    package static func connect(
        port: Int, from address: String? = nil, receiveBuffer: Int? = nil
    ) async throws -> RawSocket {
        try await offPool { try open(port, address, receiveBuffer) }
    }

    /// Many at once.
    package static func crowd(_ count: Int, port: Int, from address: String? = nil) async throws -> [RawSocket] {
        try await offPool { try (0..<count).map { _ in try open(port, address, nil) } }
    }

    /// Sockets here block: not on the few threads on which every other task runs.
    private static func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }

    private static func open(_ port: Int, _ address: String?, _ receiveBuffer: Int?) throws -> RawSocket {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw HoldfastError(.unavailable, "socket: errno \(errno)") }
        let socket = RawSocket(descriptor)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer.map({ Int32($0) }) {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var status: Int32 = 0
        if let address { status = withAddress(address, 0) { bind(descriptor, $0, $1) } }
        if status == 0 { status = withAddress("127.0.0.1", port) { Glibc.connect(descriptor, $0, $1) } }
        guard status == 0 else { throw HoldfastError(.unavailable, "port \(port) refuses connections: errno \(errno)") }
        return socket
    }

    private static func withAddress(
        _ text: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr(text)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    /// Makes room for tests with many sockets. Returns how many descriptors this process may have.
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }

    /// False where the other side no longer takes anything.
    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// What comes until this text is in it, the other side closes, or the time is up.
    package func read(until text: String) async throws -> String {
        try await Self.offPool { [descriptor] in
            var buffer = [UInt8](repeating: 0, count: 4096)
            var bytes: [UInt8] = []
            while true {
                let read = String(decoding: bytes, as: UTF8.self)
                let count = read.contains(text) ? 0 : recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { return read }
                bytes += buffer[..<count]
            }
        }
    }

    /// How many bytes came until the other side closed.
    ///
    /// - Parameters:
    ///   - piece: bytes to take at once.
    ///   - pause: how long to do nothing before each piece: the client is a slow one.
    @discardableResult
    package func readToEnd(piece: Int = 4096, pause: Duration = .zero) async throws -> Int {
        try await Self.offPool { [descriptor] in
            var buffer = [UInt8](repeating: 0, count: piece)
            var total = 0
            while true {
                usleep(UInt32(pause / .microseconds(1)))
                let count = recv(descriptor, &buffer, piece, Int32(MSG_WAITALL))
                guard count > 0 else { return total }
                total += count
            }
        }
    }

    /// Whether the other side has closed by now.
    package var isClosed: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count == 0 || count < 0 && errno != EAGAIN
    }

    /// Waits until the other side has closed all but so many.
    package static func untilOpen(atMost limit: Int, of sockets: [RawSocket]) async throws {
        while sockets.count(where: { !$0.isClosed }) > limit { try await Task.sleep(for: .milliseconds(10)) }
    }

    deinit { close(descriptor) }
}
