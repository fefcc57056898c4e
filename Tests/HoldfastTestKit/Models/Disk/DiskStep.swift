/// One call on a `MemoryDisk`, as faults and traces see it.
package struct DiskStep: Hashable, Sendable, CustomStringConvertible {
    package enum Call: String, Sendable {
        case create, open, make, syncDirectory = "sync directory", rename, remove, list, size, space, lock, append, sync
        case read
    }

    package var call: Call
    /// Empty where the call has none, or for the data directory itself.
    package var path: String
    /// Only of a rename.
    package var newPath: String?

    package init(_ call: Call, _ path: String = "", newPath: String? = nil) {
        (self.call, self.path, self.newPath) = (call, path, newPath)
    }

    package var description: String {
        ([call.rawValue, path] + [newPath].compactMap(\.self)).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
