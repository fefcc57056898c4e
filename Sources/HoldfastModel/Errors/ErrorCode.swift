/// The registry of error codes. A number, once given, keeps its meaning for ever: numbers cross the wire, names appear in
/// JSON, and exit statuses are what scripts test.
package enum ErrorCode: String, Codable, Sendable, CaseIterable {
    /// Something unforeseen in Holdfast itself.
    case `internal`
    case invalidArgument = "invalid-argument"
    case notFound = "not-found"
    case alreadyExists = "already-exists"
    case unauthenticated
    case permissionDenied = "permission-denied"
    /// The destination, or the thing to be changed, is in use by another job.
    case busy
    /// The record changed since it was read.
    case conflict
    /// The epoch of a write or order is not the current one.
    case deposed
    /// The peer can't be reached or has gone.
    case unavailable
    case timedOut = "timed-out"
    case cancelled
    case noSpace = "no-space"
    /// The operating system failed to read or write.
    case inputOutput = "input-output"
    /// Stored bytes are not what was stored.
    case corrupt
    /// A version or feature that this program doesn't know.
    case unsupported
    /// A tool such as `pg_dump` ended with an error.
    case toolFailed = "tool-failed"
    /// What a job needs isn't so; the message lists it.
    case checkFailed = "check-failed"
    /// The database server refused the login.
    case loginRefused = "login-refused"
    /// A person has to decide or mend something before the job can go on.
    case needsAttention = "needs-attention"
    case tooLarge = "too-large"
    /// Bytes that are not the protocol or format they claim to be.
    case malformed
    /// A put or hold named a layout that is no longer the current one.
    case staleLayout = "stale-layout"
    /// The node's own configuration does not allow its worker to touch this.
    case notAllowedHere = "not-allowed-here"

    package var number: UInt16 {
        switch self {
        case .internal: 1
        case .invalidArgument: 2
        case .notFound: 3
        case .alreadyExists: 4
        case .unauthenticated: 5
        case .permissionDenied: 6
        case .busy: 7
        case .conflict: 8
        case .deposed: 9
        case .unavailable: 10
        case .timedOut: 11
        case .cancelled: 12
        case .noSpace: 13
        case .inputOutput: 14
        case .corrupt: 15
        case .unsupported: 16
        case .toolFailed: 17
        case .checkFailed: 18
        case .loginRefused: 19
        case .needsAttention: 20
        case .tooLarge: 21
        case .malformed: 22
        case .staleLayout: 23
        case .notAllowedHere: 24
        }
    }

    package init?(number: UInt16) {
        guard let code = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = code
    }

    package var retryClass: RetryClass {
        switch self {
        case .busy, .conflict, .unavailable, .timedOut, .noSpace, .inputOutput, .toolFailed: .later
        case .deposed, .corrupt, .staleLayout, .notAllowedHere: .elsewhere
        default: .never
        }
    }

    /// The status that HTTP answers with.
    package var httpStatus: Int {
        switch self {
        case .invalidArgument, .malformed: 400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .notFound: 404
        case .alreadyExists, .busy, .conflict, .cancelled, .needsAttention: 409
        case .tooLarge: 413
        case .checkFailed, .loginRefused, .notAllowedHere, .unsupported: 422
        case .internal, .inputOutput, .corrupt: 500
        case .toolFailed: 502
        case .unavailable, .deposed, .staleLayout: 503
        case .timedOut: 504
        case .noSpace: 507
        }
    }

    /// The status that `holdfast` exits with; `sysexits.h` where it has a fitting one.
    package var exitStatus: Int32 {
        switch self {
        case .invalidArgument, .tooLarge, .malformed: 64
        case .notFound: 66
        case .unavailable, .timedOut: 69
        case .internal: 70
        case .noSpace, .inputOutput: 74
        case .busy, .conflict, .deposed, .staleLayout: 75
        case .unauthenticated, .permissionDenied, .notAllowedHere: 77
        case .alreadyExists, .checkFailed, .loginRefused, .unsupported: 78
        case .cancelled: 130
        case .corrupt, .toolFailed, .needsAttention: 1
        }
    }
}
