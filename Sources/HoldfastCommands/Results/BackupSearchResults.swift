package import HoldfastModel

/// Where a path was found, one page of it.
package struct BackupFindPage: Hashable, Codable, Sendable {
    /// One media part of a backup that was looked into.
    package struct Part: Hashable, Codable, Sendable {
        package var backup: BackupID
        package var environment: EnvironmentReference
        package var createdAt: Timestamp
        package var service: ServiceReference
        package var files: [FoundFile]
        /// There are more in it, on the next page.
        package var isCut: Bool?
        /// Why its list could not be read; then nothing is known of what is in it.
        package var failure: HoldfastError?

        package init(
            backup: BackupID, environment: EnvironmentReference, createdAt: Timestamp, service: ServiceReference,
            files: [FoundFile] = [], isCut: Bool? = nil, failure: HoldfastError? = nil
        ) {
            self.backup = backup
            self.environment = environment
            self.createdAt = createdAt
            self.service = service
            self.files = files
            self.isCut = isCut
            self.failure = failure
        }
    }

    /// The project or environment that was asked for.
    package var scope: String
    package var pattern: String
    /// The newest first; also those where nothing was found.
    package var parts: [Part]
    /// For `from` of the next page; nil after the last.
    package var next: String?

    package init(scope: String, pattern: String, parts: [Part], next: String?) {
        self.scope = scope
        self.pattern = pattern
        self.parts = parts
        self.next = next
    }
}

/// How one backup differs from another.
package struct BackupDiffResult: Hashable, Codable, Sendable {
    package struct Side: Hashable, Codable, Sendable {
        package var id: BackupID
        package var environment: EnvironmentReference
        package var createdAt: Timestamp

        package init(_ backup: Backup) {
            (id, environment, createdAt) = (backup.id, backup.environment, backup.createdAt)
        }
    }

    package struct Service: Hashable, Codable, Sendable {
        package enum State: String, Codable, Sendable, CaseIterable {
            case both
            case onlyOld = "only-old"
            case onlyNew = "only-new"
        }

        package var service: ServiceReference
        package var state: State
        /// Where both have it and both could be read.
        package var difference: PartDifference?
        /// Why they could not be compared.
        package var failure: HoldfastError?

        package init(
            service: ServiceReference, state: State, difference: PartDifference? = nil, failure: HoldfastError? = nil
        ) {
            self.service = service
            self.state = state
            self.difference = difference
            self.failure = failure
        }
    }

    package var old: Side
    package var new: Side
    package var services: [Service]

    package init(old: Side, new: Side, services: [Service]) {
        self.old = old
        self.new = new
        self.services = services
    }
}
