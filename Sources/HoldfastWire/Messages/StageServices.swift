package import HoldfastModel

/// A worker builds the new content beside the destination's live services, which stay untouched.
package struct StageServices: Message {
    package static let name = "stage-services"
    package typealias Event = Progress

    package var order: Order
    package var project: ProjectID
    /// Serialised `ProjectKeys` of the backup's project.
    package var keys: Secret
    package var services: [Stage]
    package var terms: PlacementTerms

    package init(order: Order, project: ProjectID, keys: Secret, services: [Stage], terms: PlacementTerms) {
        self.order = order
        self.project = project
        self.keys = keys
        self.services = services
        self.terms = terms
    }

    package struct Stage: Codable, Hashable, Sendable {
        package var target: ServiceTarget
        /// What `check-services` found the destination to be.
        package var identity: PhysicalIdentity
        package var content: Content
        /// Nothing can be made beside the service: its content is only read to its end, and replaced within the swap.
        package var isInPlace: Bool?

        package init(
            target: ServiceTarget, identity: PhysicalIdentity, content: Content, isInPlace: Bool? = nil
        ) {
            self.target = target
            self.identity = identity
            self.content = content
            self.isInPlace = isInPlace
        }
    }

    package enum Content: Codable, Hashable, Sendable {
        /// `fromAnotherProject` drops setuid, setgid, devices and security attributes, and maps owners.
        case part(
            service: ServiceReference, manifest: ObjectName, references: ObjectName, counts: BackupPart.Counts,
            fromAnotherProject: Bool)
        /// What the swap of `job` put aside: taken over under this job's names.
        case kept(job: JobID, StagedService)
    }

    package struct Reply: Codable, Hashable, Sendable {
        package var services: [StagedService]
        /// What was left out or could not be made as it was, and why.
        package var warnings: Warnings

        package init(services: [StagedService], warnings: Warnings = Warnings()) {
            self.services = services
            self.warnings = warnings
        }
    }
}
