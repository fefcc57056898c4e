package import HoldfastModel

/// A worker looks at services without changing anything.
package struct CheckServices: Message {
    package static let name = "check-services"
    package typealias Reply = CheckReport

    package var services: [Check]

    package init(services: [Check]) { self.services = services }

    package struct Check: Codable, Hashable, Sendable {
        package var target: ServiceTarget
        package var purpose: Purpose

        package init(target: ServiceTarget, purpose: Purpose) {
            self.target = target
            self.purpose = purpose
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
