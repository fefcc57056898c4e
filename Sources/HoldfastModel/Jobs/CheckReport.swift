/// What a worker found when it looked at services, before anything is done to them.
package struct CheckReport: Hashable, Codable, Sendable {
    package var services: [ServiceReport]

    package init(services: [ServiceReport]) { self.services = services }

    package var problems: [Problem] { services.flatMap(\.problems) }
    /// The services whose content is replaced in place.
    package var inPlace: [ServiceReference] { services.filter { $0.isInPlace == true }.map(\.service) }
    package var isGood: Bool { !problems.contains { $0.severity == .error } }

    package struct ServiceReport: Hashable, Codable, Sendable {
        package var service: ServiceReference
        /// Nil where it can't be told, which is a problem of its own.
        package var identity: PhysicalIdentity?
        /// Bytes the content takes now.
        package var bytes: Int64?
        /// What was found, for people: server version, tables, free space.
        package var facts: [Fact]
        package var problems: [Problem]
        /// Of a restore: nothing can be made beside the service, so its content is replaced within a transaction, which
        /// locks it and keeps nothing of the old.
        package var isInPlace: Bool?

        package init(
            service: ServiceReference, identity: PhysicalIdentity? = nil, bytes: Int64? = nil, facts: [Fact] = [],
            problems: [Problem] = [], isInPlace: Bool? = nil
        ) {
            self.service = service
            self.identity = identity
            self.bytes = bytes
            self.facts = facts
            self.problems = problems
            self.isInPlace = isInPlace
        }
    }

    package struct Fact: Hashable, Codable, Sendable {
        package var label: String
        package var value: String

        package init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }

    package struct Problem: Hashable, Codable, Sendable {
        package enum Severity: String, Codable, Sendable {
            case warning, error
        }

        package var severity: Severity
        /// Decides what `environment check` exits with.
        package var code: ErrorCode
        /// What is wrong and what to do.
        package var message: String

        package init(_ severity: Severity, _ code: ErrorCode, _ message: String) {
            self.severity = severity
            self.code = code
            self.message = message
        }
    }
}
