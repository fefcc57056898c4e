/// An error as it leaves a module, crosses the wire and reaches a person: what happened, to what, and what to do.
///
/// The message never holds a secret.
package struct HoldfastError: Error, Hashable, Codable, Sendable {
    package let code: ErrorCode
    package let message: String
    /// Facts for programs, such as `backup` or `path`.
    package let context: [String: String]

    package init(_ code: ErrorCode, _ message: String, context: [String: String] = [:]) {
        self.code = code
        self.message = message
        self.context = context
    }

    package var retryClass: RetryClass { code.retryClass }

    /// The same error, told from further out: `while backing up shop/live: …`.
    package func during(_ activity: String) -> HoldfastError {
        HoldfastError(code, "\(activity): \(message)", context: context)
    }

    /// Any error as one of ours; what isn't foreseen becomes `internal`, and cancellation `cancelled`.
    package init(_ error: any Error) {
        switch error {
        case let error as HoldfastError: self = error
        case is CancellationError: self.init(.cancelled, "The work was cancelled.")
        case let error as DecodingError: self.init(.malformed, "Not readable: \(error)".printable(limit: 300))
        default: self.init(.internal, "Unexpected: \(error)".printable(limit: 500))
        }
    }
}

extension HoldfastError: CustomStringConvertible {
    package var description: String { "\(message) [\(code.rawValue)]" }
}
