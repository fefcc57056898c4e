/// Somebody who is told: of one project, or of the whole cluster.
package struct NoticeTarget: Hashable, Codable, Sendable {
    package var version = 1
    package var id: NoticeTargetID
    /// Nil is told of every project, and of the cluster.
    package var project: Place?
    package var road: Road
    /// Nil for all.
    package var kinds: [NoticeKind]?
    package var createdAt: Timestamp
    package var author: String

    /// A project: by identifier, so that a later one of the same name doesn't inherit its receivers.
    package struct Place: Hashable, Codable, Sendable {
        package var id: ProjectID
        package var name: Name

        package init(id: ProjectID, name: Name) {
            self.id = id
            self.name = name
        }
    }

    package enum Road: Hashable, Codable, Sendable {
        case mail(MailAddress)
        case webhook(Webhook)
    }

    /// Who has the address or the key can pretend to be somebody else, so neither is kept in the clear.
    package struct Webhook: Hashable, Codable, Sendable {
        /// Of the address only what people are shown: its scheme and host.
        package var host: String
        package var url: SealedSecret
        /// What deliveries are signed with.
        package var key: SealedSecret

        package init(host: String, url: SealedSecret, key: SealedSecret) {
            self.host = host
            self.url = url
            self.key = key
        }
    }

    package init(
        id: NoticeTargetID, project: Place?, road: Road, kinds: [NoticeKind]?, createdAt: Timestamp, author: String
    ) {
        self.id = id
        self.project = project
        self.road = road
        self.kinds = kinds
        self.createdAt = createdAt
        self.author = author
    }
}

package typealias NoticeTargetID = ID<NoticeTarget>

extension NoticeTarget {
    /// How many a project, or the cluster, has at most.
    package static let limit = 20

    /// Whether this is to be told. What is a node's or region's concerns the projects whose data may lie there.
    ///
    /// - Parameter policy: where data of this target's project may lie; nil where there is no such project any more.
    package func isTold(of notice: Notice, policy: PlacementPolicy?) -> Bool {
        if let kinds, NoticeKind.choices.contains(notice.kind), !kinds.contains(notice.kind) { return false }
        guard let project else { return true }
        if let whose = notice.project { return whose == project.id }
        guard let policy else { return false }
        guard let region = notice.region, let allowed = policy.allowedRegions else { return true }
        return allowed.contains(region)
    }
}
