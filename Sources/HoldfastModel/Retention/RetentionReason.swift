/// Why a backup is kept, or why it goes.
package struct RetentionReason: Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// It is being made.
        case running
        case pinned
        /// A person said until when.
        case expiry
        /// No newer complete backup of the service is left.
        case newest
        /// A job or a link needs it.
        case held
        /// Its label.
        case label
        /// Among the newest on-demand, uploaded or safety backups that are older than the policy's days.
        case count
        /// Not yet older than the policy's days.
        case age
        /// Its environment was removed; rules don't go on there.
        case environmentRemoved = "environment-removed"
        /// It failed or was cancelled, and only its record is kept.
        case failed
        /// The rules keep it no more.
        case surplus
        /// It was deleted, and can be taken back.
        case deleted
    }

    package var kind: Kind
    /// The services this is said of; empty for the whole backup.
    package var services: [ServiceReference]
    package var label: RetentionLabel?
    /// Its place among those alike, the newest being 1, and how many of them the policy keeps.
    package var place: Int?
    package var of: Int?
    package var until: Timestamp?
    /// Which job, or which link.
    package var detail: String?

    package init(
        _ kind: Kind, _ services: [ServiceReference] = [], label: RetentionLabel? = nil, place: Int? = nil,
        of: Int? = nil, until: Timestamp? = nil, detail: String? = nil
    ) {
        self.kind = kind
        self.services = services
        self.label = label
        self.place = place
        self.of = of
        self.until = until
        self.detail = detail
    }
}

extension RetentionReason: CustomStringConvertible {
    package var description: String {
        let what = services.isEmpty ? "" : " (\(services.map(\.description).joined(separator: ", ")))"
        let end = until.map { "\($0.plain) UTC" } ?? "later"
        return text(end) + what
    }

    private func text(_ end: String) -> String {
        let place = place ?? 0, of = of ?? 0
        return switch kind {
        case .running: "it is being made"
        case .pinned: "pinned"
        case .expiry: "a person had it kept until \(end)"
        case .newest: "the newest complete one"
        case .held: "needed by \(detail ?? "a job")"
        case .label where place <= of: "\(label?.rawValue ?? "") \(place) of \(of)"
        case .label: "\(label?.rawValue ?? ""), not old enough to go"
        case .count: "number \(place) of the \(of) newest that are old"
        case .age: "kept until \(end)"
        case .environmentRemoved: "its environment was removed, and rules end there"
        case .failed: "the record of a failure, until \(end)"
        case .surplus: "more than the policy keeps" + (label.map { " of \($0.rawValue) ones" } ?? "")
        case .deleted: "deleted; can be taken back until \(end)"
        }
    }
}
