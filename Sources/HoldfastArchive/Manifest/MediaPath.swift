/// Which paths a manifest may hold.
enum MediaPath {
    static let maximumBytes = Int(UInt16.max)

    /// Relative, and every component a name that a directory can hold. The root's empty path is valid.
    static func isValid(_ path: [UInt8]) -> Bool {
        if path.isEmpty { return true }
        guard path.count <= maximumBytes, !path.contains(0) else { return false }
        return path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { component in
            !component.isEmpty && component != [UInt8(ascii: ".")]
                && component != [UInt8(ascii: "."), UInt8(ascii: ".")]
        }
    }

    static func parent(_ path: [UInt8]) -> ArraySlice<UInt8> {
        path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
    }
}
