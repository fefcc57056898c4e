package import HoldfastModel

/// The members of a tar of one directory: the directory itself under its last name, and what is in it. Of the whole tree the
/// root stands for nothing, as in a tar of the part.
package struct DirectoryMembers<Source: ObjectSource>: Sendable {
    private var entries: SubtreeEntries<Source>
    private var isOver = false

    /// - Parameter place: of the directory's entry, or of one in it.
    package init(
        of directory: [UInt8], in manifest: ManifestReader<Source>, from place: ManifestPosition
    ) throws(HoldfastError) {
        entries = try SubtreeEntries(at: directory, in: manifest, from: place)
    }

    /// Where the next entry begins.
    package var place: ManifestPosition { entries.place }

    /// Nil after the last, which ends the archive.
    package mutating func next() async throws -> StreamMember? {
        while !isOver {
            guard let entry = try await entries.next() else {
                isOver = true
                return TarMember.ending
            }
            if let member = TarMember.member(of: entry) { return member }
        }
        return nil
    }
}
