import HTTPTypes
import HoldfastCommands
import HoldfastModel

/// The cookie that bears a session's token.
///
/// No script reads it, no other site sends it; by HTTPS its name keeps others of the same domain from setting it.
struct SessionCookie: Sendable {
    static let plainName = "holdfast"
    static let secureName = "__Host-holdfast"

    let isSecure: Bool

    /// - Parameter isSecure: whether people reach this by HTTPS.
    init(isSecure: Bool) { self.isSecure = isSecure }

    var name: String { isSecure ? Self.secureName : Self.plainName }

    /// The value of `Set-Cookie` that begins a session.
    func beginning(_ session: NewSession, now: Timestamp) -> String {
        let seconds = max(0, (session.session.expiresAt.milliseconds - now.milliseconds) / 1000)
        return "\(name)=\(session.token.revealed); Max-Age=\(seconds)\(attributes)"
    }

    /// The value of `Set-Cookie` that ends it.
    var ending: String { "\(name)=; Max-Age=0\(attributes)" }

    /// The token that a request bears.
    func token(in headers: HTTPFields) -> Secret? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard sides.count == 2, sides[0].drop(while: { $0 == " " }) == name else { continue }
                return Secret(String(sides[1]))
            }
        }
        return nil
    }

    private var attributes: String { "; Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")" }
}
