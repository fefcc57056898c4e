import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastCoordinator

/// Every kind of command × everybody who may ask, against the one place that decides.
@Suite(.timeLimit(.minutes(5))) struct AuthorizerTests {
    static func scene(_ cluster: Cluster, _ coordinator: Coordinator) async throws -> AccessScene {
        let backup = try await cluster.backUp(coordinator, cluster.live)
        guard
            case .download(let download) = try await cluster.perform(
                coordinator, .downloadPrepare(DownloadPrepare(backup: backup.id)))
        else { throw HoldfastError(.internal, "no download") }
        let restore = try await cluster.perform(
            coordinator, .restoreStart(RestoreRequest(backup: backup.id, destination: cluster.test)))
        guard case .restore(let restore) = restore else { throw HoldfastError(.internal, "no restore") }
        let anna = try Name("anna")
        let password = Secret("correct horse battery")
        try await cluster.perform(coordinator, .userCreate(UserCreate(name: anna, password: password)))
        guard
            case .accessToken(let token) = try await cluster.perform(
                coordinator, .tokenCreate(TokenCreate(label: "hers", user: anna)))
        else { throw HoldfastError(.internal, "no token") }
        let begun = try await coordinator.accounts.logIn("anna", password: password, from: Origin(.web), agent: nil)
        let receiver = NoticeTarget(
            id: try #require(NoticeTargetID("000000000001")),
            project: .init(id: backup.project, name: cluster.live.project),
            road: .mail(try MailAddress("b@example.org")), kinds: nil, createdAt: cluster.time.now, author: "admin")
        try await coordinator.office.ledger.commit(Changes(writes: [.put(receiver)]))
        return AccessScene(
            backup: backup.id, job: backup.job, restore: restore.job, download: download.id, token: token.detail.id,
            session: begun.session.id, receiver: receiver.id, live: cluster.live, test: cluster.test, anna: anna)
    }

    static func allows(_ cluster: Cluster, _ command: Command, _ principal: Principal) async throws -> Bool {
        do {
            try await Authorizer(catalog: cluster.catalog).authorize(command, principal)
            return true
        } catch let error as HoldfastError {
            #expect([.permissionDenied, .notFound].contains(error.code), "\(error)")
            return false
        }
    }

    @Test func everyCommandForEveryRole() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let scene = try await Self.scene(cluster, coordinator)
            let shop = cluster.live.project
            let people: [(Principal, Least)] = [
                (Principal(name: "stranger", roles: [try Name("other"): .owner], user: try Name("stranger")), .anyone),
                (Principal(name: "vera", roles: [shop: .viewer], user: try Name("vera")), .viewer),
                (Principal(name: "otto", roles: [shop: .operator], user: try Name("otto")), .operator),
                (Principal(name: "olga", roles: [shop: .owner], user: try Name("olga")), .owner),
                (cluster.admin, .administrator),
            ]
            for kind in Command.Kind.allCases {
                let (command, least) = try scene.row(kind)
                #expect(command.kind == kind)
                for (principal, rank) in people {
                    let isAllowed = try await Self.allows(cluster, command, principal)
                    #expect(isAllowed == (rank.rawValue >= least.rawValue), "\(kind) by \(principal.name)")
                    // A token that may only look changes nothing, whoever's it is.
                    var looking = principal
                    (looking.isReadOnly, looking.isWhole) = (true, false)
                    let looks = try await Self.allows(cluster, command, looking)
                    #expect(!looks || command.change == nil, "\(kind) by a read-only \(principal.name)")
                }
            }
        }
    }

    /// What concerns an account is its user's own, but not a limited token's.
    @Test func onesOwnAccount() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let scene = try await Self.scene(cluster, coordinator)
            let anna = Principal(name: "anna", user: scene.anna)
            var limited = anna
            limited.isWhole = false
            let own: [Command.Kind] = [
                .userShow, .userPassword, .tokenList, .tokenCreate, .tokenRevoke, .sessionList, .sessionRevoke,
            ]
            for kind in own {
                let command = try scene.row(kind).0
                #expect(try await Self.allows(cluster, command, anna), "\(kind)")
                #expect(try await !Self.allows(cluster, command, limited), "\(kind) by a limited token")
            }
            #expect(try await Self.allows(cluster, .tokenCreate(TokenCreate(label: "x")), anna))
            #expect(try await !Self.allows(cluster, .tokenCreate(TokenCreate(label: "x")), limited))
            for command in [Command.tokenList(user: nil), .sessionList(user: nil)] {
                #expect(try await Self.allows(cluster, command, anna), "\(command)")
                #expect(try await !Self.allows(cluster, command, limited), "\(command) by a limited token")
            }
            // An invitation that makes an administrator, or gives no role, is not an owner's to send.
            let owner = Principal(name: "olga", roles: [cluster.live.project: .owner])
            let name = try Name("new")
            for invite in [
                UserInvite(name: name),
                UserInvite(name: name, isAdministrator: true, roles: [cluster.live.project: .owner]),
                UserInvite(name: name, roles: [cluster.live.project: .viewer, try Name("other"): .viewer]),
            ] { #expect(try await !Self.allows(cluster, .userInvite(invite), owner), "\(invite)") }
            #expect(
                try await !Self.allows(
                    cluster, .userRole(UserRole(user: scene.anna, grant: .administrator(true))), owner))
            #expect(try await !Self.allows(cluster, .auditList(AuditList()), owner))
        }
    }
}
