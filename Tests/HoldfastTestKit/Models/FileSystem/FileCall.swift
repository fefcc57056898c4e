/// The calls of a `FileCalls`, for those who count them or make one fail. Closing a file always succeeds and isn't one.
package enum FileCall: String, Hashable, Sendable {
    case openConfiguredDirectory, openDirectory, openParent, openFile, createFile
    case status, list, linkTarget, space, requireChangeable
    case read, write, nextData, nextHole, setSize
    case makeDirectory, makeSymbolicLink, makeNode, makeHardLink, remove, rename
    case setMode, setOwner, setModified, attributeNames, attribute, setAttribute, removeAttribute
    case sync, syncFileSystem

    /// Whether the file system is another one after it.
    package var changes: Bool {
        switch self {
        case .createFile, .write, .setSize, .makeDirectory, .makeSymbolicLink, .makeNode, .makeHardLink, .remove,
            .rename, .setMode, .setOwner, .setModified, .setAttribute, .removeAttribute, .sync, .syncFileSystem:
            true
        default: false
        }
    }
}
