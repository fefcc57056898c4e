import Glibc
import HoldfastModel

/// A system call that failed. Becomes a `HoldfastError` where it is known what it was for.
package struct CallFailure: Error, Equatable {
    package let number: Int32
    /// Something else has taken the name of what was to be changed.
    static let replaced = CallFailure(ESTALE)

    package init(_ number: Int32) { self.number = number }

    /// The value of a call that returns negative error numbers.
    static func check<Value: SignedInteger>(_ value: Value) throws(CallFailure) -> Value {
        guard value >= 0 else { throw CallFailure(Int32(-value)) }
        return value
    }

    var text: String { String(cString: strerror(number)) }

    /// The thing was there and is gone, or something else has taken its name.
    var meansVanished: Bool { number == ENOENT || number == ENOTDIR || number == ELOOP || number == ESTALE }
    var meansRefused: Bool { number == EACCES || number == EPERM }
    var meansNotSupported: Bool { number == EOPNOTSUPP || number == EINVAL || number == ENOSYS }

    /// `activity` is what could not be done, such as `make` or `read the directory`.
    func error(_ activity: String, _ path: [UInt8]) -> HoldfastError {
        let name = path.isEmpty ? "the tree's root" : "'\(String.printable(path: path))'"
        let context = ["path": String.printable(path: path)]
        switch number {
        case ENOSPC, EDQUOT:
            return HoldfastError(
                .noSpace, "No space was left to \(activity) \(name). Free some, or raise the quota, and try again.",
                context: context)
        case EROFS:
            return HoldfastError(
                .unavailable,
                "The node can't \(activity) \(name): the file system is mounted for reading only. Mount it for writing.",
                context: context)
        case EACCES, EPERM:
            return HoldfastError(
                .permissionDenied,
                "The node may not \(activity) \(name): \(text). Let its user do so, or run the node as root.",
                context: context)
        case ENOENT:
            return HoldfastError(
                .notFound, "Could not \(activity) \(name): something removed it meanwhile.", context: context)
        case EBUSY:
            return HoldfastError(
                .busy, "Could not \(activity) \(name): it is in use, perhaps as a mount point. Unmount it first.",
                context: context)
        default:
            return HoldfastError(.inputOutput, "Could not \(activity) \(name): \(text).", context: context)
        }
    }
}
