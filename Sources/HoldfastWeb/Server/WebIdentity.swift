import HTTPTypes
import HoldfastCommands
import HoldfastModel

/// Finds out who sends a request.
struct WebIdentity: Sendable {
    let commands: any CommandService
    let accounts: any AccountService
    let cookie: SessionCookie

    static let form = HTTPField.Name.known("X-Holdfast-Form")

    /// By an API token, or by the cookie of a session; what changes something then has to show that it comes from our own
    /// pages, by the session's form token.
    ///
    /// - Parameter isUse: whether it keeps a session from ending for want of use.
    /// - Throws: `unauthenticated`; `permissionDenied` for a change without the form token.
    func principal(
        of headers: HTTPFields, isChange: Bool, address: String?, isUse: Bool = true
    ) async throws -> (principal: Principal, origin: Origin) {
        if let field = headers[.authorization] {
            let words = field.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0].lowercased() == "bearer",
                let principal = try await commands.principal(bearing: Secret(String(words[1])))
            else { throw HoldfastError(.unauthenticated, "The token is unknown, revoked or expired") }
            return (principal, Origin(.api, address: address))
        }
        guard let token = cookie.token(in: headers) else {
            throw HoldfastError(.unauthenticated, "Say who you are: send an API token as Authorization: Bearer hfat_…")
        }
        guard let session = try await accounts.session(bearing: token, isUse: isUse) else {
            throw HoldfastError(.unauthenticated, "The session is over: sign in again")
        }
        if isChange, !Self.areEqual(headers[Self.form] ?? "", session.formToken.revealed) {
            throw HoldfastError(.permissionDenied, "This did not come from a page of ours: load the page anew")
        }
        return (session.principal, Origin(.web, address: address))
    }

    /// In a time that doesn't tell where they differ.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
