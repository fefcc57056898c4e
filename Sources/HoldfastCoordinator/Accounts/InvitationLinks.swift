import HoldfastArchive
import HoldfastCommands
import HoldfastModel

/// Makes the links of invitations, and tells genuine ones. A link is never kept: it follows from the invitation and the
/// cluster key.
struct InvitationLinks: Sendable {
    private static let purpose = "invitation-link"

    let clusterKey: ClusterKey
    /// What links begin with; nil where none are served.
    let publicURL: String?

    /// - Throws: `checkFailed` where this cluster serves no pages.
    func link(to invitation: Invitation) throws(HoldfastError) -> Secret {
        guard let publicURL else {
            throw HoldfastError(
                .checkFailed,
                "This cluster serves no pages: say `http:` in coordinator.yaml where it is to listen for browsers")
        }
        let signature = clusterKey.code(for: invitation.signedBytes, purpose: Self.purpose)
        return Secret(publicURL + InvitationLink(invitation: invitation.id, signature: signature).path)
    }

    func isGenuine(_ link: InvitationLink, for invitation: Invitation) -> Bool {
        clusterKey.isCode(link.signature, for: invitation.signedBytes, purpose: Self.purpose)
    }
}
