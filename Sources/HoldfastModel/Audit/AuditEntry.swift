/// Who changed what, or tried to. No secret is ever in one: what was done is told by names and identifiers alone.
package struct AuditEntry: Hashable, Codable, Sendable {
    package var version = 1
    package var id: AuditID
    package var at: Timestamp
    /// Who: a user's name, that of a token's own principal, `schedule` or `retention`.
    package var user: String
    /// The token that was used, by its label.
    package var token: String?
    package var origin: Origin
    /// Such as `backup delete 1t6x0fk4w2qz`.
    package var change: String
    /// The project it was about, by the name it had; nil for none, or one that isn't there.
    package var project: Name?
    package var projectID: ProjectID?
    /// The job that was begun by it; what came of that is told there.
    package var job: JobID?
    package var result: Result

    package enum Result: Hashable, Sendable {
        case accepted
        /// By the rules of who may do what.
        case refused(ErrorCode)
        case failed(ErrorCode)
    }

    package init(
        id: AuditID, at: Timestamp, user: String, token: String? = nil, origin: Origin, change: String,
        project: Name? = nil, projectID: ProjectID? = nil, job: JobID? = nil, result: Result
    ) {
        self.id = id
        self.at = at
        self.user = user.printable(limit: 100)
        self.token = token
        self.origin = origin
        self.change = change.printable(limit: 400)
        self.project = project
        self.projectID = projectID
        self.job = job
        self.result = result
    }
}

package typealias AuditID = ID<AuditEntry>

/// `"accepted"`, `"refused: permission-denied"` or `"failed: not-found"`.
extension AuditEntry.Result: Codable, CustomStringConvertible {
    package init(_ error: HoldfastError) {
        switch error.code {
        case .permissionDenied, .unauthenticated: self = .refused(error.code)
        default: self = .failed(error.code)
        }
    }

    package var description: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let code): "refused: \(code.rawValue)"
        case .failed(let code): "failed: \(code.rawValue)"
        }
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let words = text.split(separator: " ").map(String.init)
        // A code of a later version is none that this one knows.
        let code = words.count == 2 ? ErrorCode(rawValue: words[1]) ?? .internal : nil
        switch (words.first, code) {
        case ("accepted", nil): self = .accepted
        case ("refused:", let code?): self = .refused(code)
        case ("failed:", let code?): self = .failed(code)
        default:
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no result of a change"))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
