package import HoldfastModel

/// Has somebody told what happens to a project, or to the cluster.
package struct NoticeAdd: Hashable, Codable, Sendable {
    package enum Road: Hashable, Codable, Sendable {
        case mail(MailAddress)
        case webhook(Secret)
    }

    /// Nil is the whole cluster.
    package var project: Name?
    package var road: Road
    /// None is all.
    package var kinds: [NoticeKind]

    package init(project: Name?, road: Road, kinds: [NoticeKind] = []) {
        self.project = project
        self.road = road
        self.kinds = kinds
    }
}
