import HoldfastModel

/// What every page shows besides its own content.
struct Frame {
    struct Place {
        let title: String
        let address: String
        let isHere: Bool
    }

    var title: String
    var user = ""
    /// What a form has to bring back.
    var form = ""
    var places: [Place] = []
    /// What was just done.
    var said: String?
    var problem: String?
    /// Without script the page is asked for again by itself.
    var refresh = false

    /// For those who are not signed in.
    init(title: String, problem: String? = nil) {
        self.title = title
        self.problem = problem
    }

    init(title: String, in section: Section, _ visit: Visit, problem: String? = nil, refresh: Bool = false) {
        self.title = title
        self.problem = problem
        self.refresh = refresh
        user = visit.principal.name
        form = visit.known.formToken.revealed
        said = visit.query["done"].flatMap { Done(rawValue: $0) }?.sentence
        places = Section.allCases.filter { !$0.isForAdministrators || visit.principal.isAdministrator }
            .map { Place(title: $0.title, address: $0.address, isHere: $0 == section) }
    }
}

/// The places that are in reach from everywhere.
enum Section: CaseIterable {
    case projects, downloads, cluster, activity, people, account

    var title: String {
        switch self {
        case .projects: "Projects"
        case .downloads: "Downloads"
        case .cluster: "Cluster"
        case .activity: "Activity"
        case .people: "People"
        case .account: "Account"
        }
    }

    var address: String { "/\(title.lowercased())" }

    var isForAdministrators: Bool { self == .people }
}

/// What a page says after it did something. Only these words can be in an address.
enum Done: String {
    case created, saved, pinned, unpinned, noted, deleted, undeleted, paused, resumed, revoked, removed, cancelled,
        checked
    case expires, invited, collected, tested

    var sentence: String {
        switch self {
        case .created: "It is there now."
        case .saved: "Saved."
        case .pinned: "The backup is pinned: no rule lets it go."
        case .unpinned: "The backup is no longer pinned: the rules decide again."
        case .noted: "The note is saved."
        case .deleted: "The backup is deleted. It can be taken back for a while."
        case .undeleted: "The backup is back."
        case .paused: "The schedule is paused."
        case .resumed: "The schedule goes on."
        case .revoked: "It is revoked, and works no more."
        case .removed: "It is removed."
        case .cancelled: "It is called off."
        case .checked: "Everything was read, and is as it was stored."
        case .expires: "The date is saved."
        case .invited: "The invitation is on its way."
        case .collected: "Space is being given back."
        case .tested: "A test is on its way."
        }
    }
}
