import HoldfastArchive
import HoldfastModel

/// Whether an entry may become a name in a tree. A manifest is authenticated, but what it says was once some program's
/// input, and a restore runs with high privileges.
enum PathRules {
    private static let longest = 1 << 20

    /// The components of an entry's path; none for the root. Throws `malformed`.
    static func components(of path: [UInt8]) throws -> [[UInt8]] {
        if path.isEmpty { return [] }
        guard path.count <= longest else { throw malformed(path, "is longer than a MiB") }
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        for component in components {
            guard !component.isEmpty, component.count <= 255 else {
                throw malformed(path, "has an empty component, or one of more than 255 bytes")
            }
            guard component != Array(".".utf8), component != Array("..".utf8), !component.contains(0) else {
                throw malformed(path, "has '.', '..' or a zero byte in it")
            }
        }
        guard let first = components.first, !first.starts(with: StagingNames.mediaPrefix.utf8) else {
            throw malformed(path, "has a name that Holdfast keeps for itself")
        }
        return components
    }

    static func malformed(_ path: [UInt8], _ text: String) -> HoldfastError {
        HoldfastError(
            .malformed, "The manifest's entry '\(String.printable(bytes: path))' \(text); nothing of it is restored.")
    }
}
