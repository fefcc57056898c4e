import HoldfastModel

/// A tree on a file system of this machine.
package struct PosixMediaTree: MediaTree {
    package let root: MediaDirectory

    package init(root: MediaDirectory) { self.root = root }

    package func walk() throws -> any MediaWalk { PosixMediaWalk(root: root.handle) }
}
