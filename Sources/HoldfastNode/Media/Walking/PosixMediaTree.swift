import HoldfastModel

/// A tree on a file system of this machine.
package struct PosixMediaTree: MediaTree {
    package let root: MediaDirectory

    private let seen: PosixMediaWalk.Seen

    /// `seen` is called between looking at a name and opening what it leads to. Tests change the tree there.
    package init(root: MediaDirectory, seen: @escaping @Sendable (_ path: [UInt8]) -> Void = { _ in }) {
        self.root = root
        self.seen = seen
    }

    package func walk() throws -> any MediaWalk { PosixMediaWalk(root: root.handle, seen: seen) }
}
