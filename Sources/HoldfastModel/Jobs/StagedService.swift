/// A service of the destination, with what bears its name now and what is to take its place. Recorded before the swap;
/// recovery tells the sides apart by these and never by name.
package struct StagedService: Hashable, Codable, Sendable {
    package var service: ServiceReference
    package var content: Content

    package enum Content: Hashable, Codable, Sendable {
        /// `live` and `staged` are OIDs; `name` is the staged database's at present.
        case database(live: UInt32, staged: UInt32, name: String)
        /// No other database can be made beside it: the content of the one of that OID is replaced within the swap's
        /// transaction, and nothing of the old one is kept.
        case databaseInPlace(live: UInt32)
        /// `directory` is the name of the staging directory in the tree's root, and `staged` that directory.
        case media(root: FileIdentity, staged: FileIdentity, directory: String)
    }

    package init(service: ServiceReference, content: Content) {
        self.service = service
        self.content = content
    }

    package var isInPlace: Bool { if case .databaseInPlace = content { true } else { false } }
}

/// On which side of a swap the destination is.
package enum SwapSide: String, Codable, Hashable, Sendable {
    case old, new
}

/// The names of what a job stages and keeps. Never derived from the target's own name, which may have no room left.
package enum StagingNames {
    package static func stagedDatabase(_ job: JobID) -> String { "hf_\(job)_new" }
    package static func keptDatabase(_ job: JobID) -> String { "hf_\(job)_old" }
    package static func mediaDirectory(_ job: JobID) -> String { ".holdfast-\(job)" }
    /// Names in a tree's root that are kept for this program: neither captured nor restored.
    package static let mediaPrefix = ".holdfast-"

    /// Whether a name with that prefix is one that this program gives.
    package static func isMediaDirectory(_ name: [UInt8]) -> Bool {
        guard let text = String(validating: name.dropFirst(mediaPrefix.utf8.count), as: UTF8.self) else { return false }
        return name.starts(with: mediaPrefix.utf8) && JobID(text)?.text == text
    }
}
