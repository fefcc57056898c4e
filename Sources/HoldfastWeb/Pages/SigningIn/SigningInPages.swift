import HoldfastCommands
import HoldfastModel
import HTTPTypes
import Hummingbird

/// How people get in and out.
struct SigningInPages: Sendable {
    let accounts: any AccountService
    let cookie: SessionCookie
    let time: any TimeSource

    private struct SignIn {
        let frame: Frame
        /// Of a login that failed.
        let name: String?
        let to: String
    }

    private struct Invited {
        let frame: Frame
        let name: String
    }

    func signIn(to address: String?, name: String = "", problem: String? = nil) throws -> Response {
        let page = SignIn(
            frame: Frame(title: "Sign in", problem: problem), name: name.isEmpty ? nil : name,
            to: Self.inside(address) ?? "/projects")
        return try .page(Templates.render(page, as: "sign-in"), problem == nil ? .ok : .unauthorized)
    }

    func signIn(_ form: Form, from origin: Origin, agent: String?) async throws -> Response {
        let name = form["name"] ?? ""
        do {
            let begun = try await accounts.logIn(
                name, password: Secret(form.exact("password")), from: origin, agent: agent)
            return enter(begun, at: Self.inside(form["to"]) ?? "/projects")
        } catch let error as HoldfastError where error.code == .unauthenticated || error.code == .busy {
            return try signIn(to: form["to"], name: name, problem: PageWording.sentence(error))
        }
    }

    func signOut(_ visit: Visit, _ token: Secret) async throws -> Response {
        try await accounts.logOut(token, from: visit.origin)
        var response = Response.seeOther("/login")
        response.headers[.setCookie] = cookie.ending
        return response
    }

    func invitation(_ link: InvitationLink, problem: String? = nil) async throws -> Response {
        let name = try await accounts.invitation(link)
        let page = Invited(frame: Frame(title: "Welcome", problem: problem), name: name.text)
        return try .page(Templates.render(page, as: "invitation"), problem == nil ? .ok : .unprocessableContent)
    }

    func accept(_ link: InvitationLink, _ form: Form, from origin: Origin, agent: String?) async throws -> Response {
        guard form.exact("password") == form.exact("again") else {
            return try await invitation(link, problem: "The two passwords are not the same.")
        }
        do {
            let begun = try await accounts.accept(
                link, password: Secret(form.exact("password")), from: origin, agent: agent)
            return enter(begun, at: "/projects")
        } catch let error as HoldfastError where error.code == .invalidArgument {
            return try await invitation(link, problem: PageWording.sentence(error))
        }
    }

    private func enter(_ begun: NewSession, at address: String) -> Response {
        var response = Response.seeOther(address)
        response.headers[.setCookie] = cookie.beginning(begun, now: time.now)
        return response
    }

    /// An address of ours, without a way out to another's.
    static func inside(_ address: String?) -> String? {
        guard let address, address.hasPrefix("/"), !address.hasPrefix("//"), address.utf8.count < 500,
            address.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return address
    }
}
