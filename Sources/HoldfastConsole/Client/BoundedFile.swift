import Glibc
import HoldfastModel

/// Reads small files whole, never more than was meant.
enum BoundedFile {
    /// - Throws: `tooLarge` over `limit` bytes, `inputOutput` when reading fails.
    static func bytes(of descriptor: Int32, limit: Int, named name: String) throws(HoldfastError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw HoldfastError(.inputOutput, "Can't read \(name): \(SystemError.text(errno))")
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw HoldfastError(.tooLarge, "\(name) has more than \(limit) bytes")
            }
            bytes += buffer[..<count]
        }
    }
}

enum SystemError {
    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
