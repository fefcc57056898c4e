package import HoldfastModel

/// A worker looks at services without changing anything.
package struct CheckServices: Message {
    package static let name = "check-services"
    package typealias Reply = CheckReport

    package var services: [Check]
    /// Where the manifests of the checks are; nil where nothing of a backup is to be restored.
    package var source: Source?

    package init(services: [Check], source: Source? = nil) {
        self.services = services
        self.source = source
    }

    package struct Source: Codable, Sendable {
        package var project: ProjectID
        /// Serialised `ProjectKeys` of the backup's project.
        package var keys: Secret
        package var terms: PlacementTerms

        package init(project: ProjectID, keys: Secret, terms: PlacementTerms) {
            self.project = project
            self.keys = keys
            self.terms = terms
        }
    }

    package struct Check: Codable, Hashable, Sendable {
        package var target: ServiceTarget
        package var purpose: Purpose
        /// Of the part that is to be restored: what it records is compared with what the destination has.
        package var manifest: ObjectName?

        package init(target: ServiceTarget, purpose: Purpose, manifest: ObjectName? = nil) {
            self.target = target
            self.purpose = purpose
            self.manifest = manifest
        }
    }

    package enum Purpose: Codable, Hashable, Sendable {
        case capture
        /// `fromAnotherProject`: the content is another project's, so neither a superuser nor a role that may run programs
        /// may apply it.
        case restore(job: JobID, counts: BackupPart.Counts, bytes: Int64, fromAnotherProject: Bool)
        /// An exchange with content already on the destination.
        case exchange
    }
}
