package import HoldfastModel

/// A worker reads everything a backup refers to and checks it.
package struct VerifyBackup: Message {
    package static let name = "verify-backup"
    package typealias Event = Progress
    package typealias Reply = VerifyReport

    package var project: ProjectID
    package var keys: Secret
    package var parts: [Part]
    package var terms: PlacementTerms

    package struct Part: Codable, Hashable, Sendable {
        package var service: ServiceReference
        package var manifest: ObjectName
        package var references: ObjectName

        package init(service: ServiceReference, manifest: ObjectName, references: ObjectName) {
            self.service = service
            self.manifest = manifest
            self.references = references
        }
    }

    package init(project: ProjectID, keys: Secret, parts: [Part], terms: PlacementTerms) {
        self.project = project
        self.keys = keys
        self.parts = parts
        self.terms = terms
    }
}
