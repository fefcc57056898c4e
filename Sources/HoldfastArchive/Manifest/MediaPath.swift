/// Which paths a manifest may hold.
enum MediaPath {
    static let maximumBytes = Int(UInt16.max)

    /// Relative, and every component a name that a directory can hold. The root's empty path is valid.
    static func isValid(_ path: [UInt8]) -> Bool {
        if path.isEmpty { return true }
        guard path.count <= maximumBytes else { return false }
        // Of the component that ends here: how long it is, and whether it is made of dots only.
        var (length, isDots) = (0, true)
        func isName() -> Bool { length > 2 || length > 0 && !isDots }
        for byte in path {
            if byte == UInt8(ascii: "/") {
                guard isName() else { return false }
                (length, isDots) = (0, true)
                continue
            }
            guard byte != 0 else { return false }
            length += 1
            if byte != UInt8(ascii: ".") { isDots = false }
        }
        return isName()
    }

    static func parent(_ path: [UInt8]) -> ArraySlice<UInt8> {
        path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
    }
}
