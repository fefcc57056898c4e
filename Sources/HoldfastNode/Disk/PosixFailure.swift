import Glibc
import HoldfastModel

/// What the operating system said, as an error for people.
enum PosixFailure {
    static func error(_ number: Int32, _ verb: String, _ path: String) -> HoldfastError {
        let reason = String(cString: strerror(number))
        let message = "Can't \(verb) \(path.printable(limit: 300)): \(reason)"
        return switch number {
        case ENOSPC, EDQUOT, EFBIG:
            HoldfastError(.noSpace, message + "; free some space, or give the node a larger disk")
        case EROFS: HoldfastError(.unavailable, message + "; mount it for writing, and work goes on")
        case ENOENT, ENOTDIR: HoldfastError(.notFound, message)
        case EEXIST: HoldfastError(.alreadyExists, message)
        case EACCES, EPERM: HoldfastError(.permissionDenied, message + "; the node's user needs that right")
        default: HoldfastError(.inputOutput, message)
        }
    }
}
