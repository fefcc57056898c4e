package import HoldfastModel

/// How people get in with a browser. The coordinator implements it; the web service calls it.
package protocol AccountService: Sendable {
    /// - Throws: `unauthenticated`, the same for a wrong password, an unknown user and one who may not; `busy` for whoever
    ///   tries too often, with `retryAfterSeconds` in its context.
    func logIn(
        _ name: String, password: Secret, from origin: Origin, agent: String?
    ) async throws -> NewSession

    /// Who has this session's token; nil for one that is over or never was.
    ///
    /// - Parameter isUse: whether that keeps it from ending for want of use.
    func session(bearing token: Secret, isUse: Bool) async throws -> KnownSession?

    func logOut(_ token: Secret, from origin: Origin) async throws

    /// Whose account a link sets the password of.
    ///
    /// - Throws: `notFound` for a link that was used, has expired or was changed.
    func invitation(_ link: InvitationLink) async throws -> Name

    /// Sets the password, and signs in. The link works no more.
    ///
    /// - Throws: `notFound` as above, `invalidArgument` for a password that won't do.
    func accept(
        _ link: InvitationLink, password: Secret, from origin: Origin, agent: String?
    ) async throws -> NewSession
}

extension AccountService {
    package func session(bearing token: Secret) async throws -> KnownSession? {
        try await session(bearing: token, isUse: true)
    }
}

/// A session that was just begun.
package struct NewSession: Hashable, Sendable {
    /// For the cookie, and nowhere else.
    package var token: Secret
    package var session: Session

    package init(token: Secret, session: Session) {
        self.token = token
        self.session = session
    }
}

package struct KnownSession: Hashable, Sendable {
    package var principal: Principal
    package var session: Session
    /// What a form of this session has to carry, so that no other site's can be sent in its name.
    package var formToken: Secret

    package init(principal: Principal, session: Session, formToken: Secret) {
        self.principal = principal
        self.session = session
        self.formToken = formToken
    }
}

/// The words of a link: `/invitation/ID/DIGITS`.
package struct InvitationLink: Hashable, Sendable {
    package var invitation: InvitationID
    package var signature: [UInt8]

    package init(invitation: InvitationID, signature: [UInt8]) {
        self.invitation = invitation
        self.signature = signature
    }

    /// Nil for what is no such link.
    package init?(invitation: String, signature: String) {
        guard let id = InvitationID(invitation), let signature = [UInt8](hexadecimal: signature), signature.count == 32
        else { return nil }
        self.init(invitation: id, signature: signature)
    }

    package var path: String { "/invitation/\(invitation)/\(signature.hexadecimal)" }
}
