package import HoldfastArchive

/// What of an entry is made at a destination. The same rules build a tree and verify it.
package struct MediaAdjustment: Sendable {
    /// The owner of all that another project's content becomes; nil within one project, where owners are kept.
    private let foreign: Owner?

    private struct Owner {
        let owner: UInt32
        let group: UInt32
    }

    private init(foreign: Owner?) { self.foreign = foreign }

    /// For content of the destination's own project: everything is kept.
    package static let none = MediaAdjustment(foreign: nil)

    /// For another project's content: no setuid and setgid, no devices, no `security.*` and `trusted.*` attributes, no access
    /// control lists (they name users by number), and the destination root's owner and group.
    package static func fromAnotherProject(into root: MediaDirectory) throws -> MediaAdjustment {
        do {
            let status = try root.handle.status()
            return MediaAdjustment(foreign: Owner(owner: status.owner, group: status.group))
        } catch {
            throw error.error("look at", [])
        }
    }

    /// Nil where the entry isn't made: an earlier version, or a device of another project.
    package func adjusted(_ entry: MediaEntry) -> MediaEntry? {
        if entry.flags.contains(.earlier) { return nil }
        guard let foreign else { return entry }
        switch entry.kind {
        case .characterDevice, .blockDevice: return nil
        default: break
        }
        var entry = entry
        entry.mode &= 0o1777
        entry.owner = foreign.owner
        entry.group = foreign.group
        entry.attributes.removeAll { attribute in
            Self.privileged.contains { attribute.name.starts(with: $0.utf8) }
        }
        return entry
    }

    private static let privileged = ["security.", "trusted.", "system."]
}
