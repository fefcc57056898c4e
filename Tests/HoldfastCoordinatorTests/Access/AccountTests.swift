import Crypto
import HoldfastCatalog
import HoldfastCommands
import HoldfastCoordinator
import HoldfastModel
import HoldfastTestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct AccountTests {
    private static let password = Secret("correct horse battery")
    private let web = Origin(.web, address: "192.0.2.7")

    private func withAnna(
        _ cluster: Cluster, _ body: @escaping @Sendable (Coordinator, Name) async throws -> Void
    ) async throws {
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let anna = try Name("anna")
            try await cluster.perform(
                coordinator,
                .userCreate(UserCreate(name: anna, roles: [cluster.live.project: .operator], password: Self.password)))
            try await body(coordinator, anna)
        }
    }

    private func code(_ body: () async throws -> some Any) async -> ErrorCode? {
        do {
            _ = try await body()
            return nil
        } catch { return HoldfastError(error).code }
    }

    @Test func theFirstAdministratorGetsInBothWays() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let first = try await coordinator.accounts.makeFirstAdministrator(try Name("admin"))
        let principal = try #require(try await coordinator.commands.principal(bearing: first.token))
        #expect(principal.isAdministrator && principal.user == first.name && principal.isWhole)
        _ = try await coordinator.accounts.logIn("admin", password: first.password, from: web, agent: nil)
        let text = first.token.revealed
        for other in [
            "", "hfat_", text + "0", String(text.dropLast()) + "x", "hfat_" + String(repeating: "0", count: 64),
        ] {
            #expect(try await coordinator.commands.principal(bearing: Secret(other)) == nil)
        }
        // Nothing of it can be read out of the catalog.
        for kind in [RecordKind.user, .token, .session, .audit] {
            for record in try await cluster.catalog.records(RecordQuery(kind)) {
                let body = String(decoding: record.body, as: UTF8.self)
                #expect(!body.contains(first.password.revealed) && !body.contains(text.dropFirst(5)))
            }
        }
        // Made once more, as after a crash: the new password counts, and the old one doesn't.
        let second = try await coordinator.accounts.makeFirstAdministrator(try Name("admin"))
        #expect(
            await code {
                try await coordinator.accounts.logIn("admin", password: first.password, from: web, agent: nil)
            }
                == .unauthenticated)
        _ = try await coordinator.accounts.logIn("admin", password: second.password, from: web, agent: nil)
    }

    /// A token that an earlier version wrote, which stands for nobody's account.
    @Test func tokensOfEarlierVersionsGoOnWorking() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let token = Secret("hfat_" + String(repeating: "ab", count: 32))
        let digest = Array(SHA256.hash(data: Array(token.revealed.utf8))).hexadecimal
        let body = """
            {"createdAt":"2026-11-22T21:00:00.000Z","digest":"\(digest)","principal":\
            {"isAdministrator":true,"name":"admin","roles":{}},"version":1}
            """
        try await cluster.catalog.commit(
            Transaction(
                epoch: coordinator.office.ledger.epoch,
                writes: [
                    .put(
                        RecordKey(.token, "access-\(digest)"), scope: "access", order: 0,
                        body: Array(body.utf8))
                ]))
        let principal = try await coordinator.commands.principal(bearing: token)
        #expect(principal == Principal(name: "admin", isAdministrator: true))
        // It is listed, and can be revoked.
        guard
            case .accessTokens(let tokens) = try await cluster.perform(coordinator, .tokenList(user: nil)),
            let id = tokens.first?.id
        else { return #expect(Bool(false), "no tokens") }
        try await cluster.perform(coordinator, .tokenRevoke(id))
        #expect(try await coordinator.commands.principal(bearing: token) == nil)
    }

    /// Wrong password, no such user, disabled and not yet with a password: one answer.
    @Test func refusalsTellNothing() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            try await cluster.perform(coordinator, .userInvite(UserInvite(name: try Name("ivy"))))
            func refusal(_ name: String, _ password: String) async -> HoldfastError? {
                do {
                    _ = try await coordinator.accounts.logIn(name, password: Secret(password), from: web, agent: nil)
                    return nil
                } catch { return HoldfastError(error) }
            }
            let wrong = await refusal("anna", "wrong horse battery")
            #expect(wrong?.code == .unauthenticated)
            #expect(await refusal("nobody", Self.password.revealed) == wrong)
            #expect(await refusal("Not a name\u{0}", Self.password.revealed) == wrong)
            #expect(await refusal("ivy", "") == wrong)
            try await cluster.perform(coordinator, .userDisable(anna))
            #expect(await refusal("anna", Self.password.revealed) == wrong)
            try await cluster.perform(coordinator, .userEnable(anna))
            #expect(await refusal("anna", Self.password.revealed) == nil)
        }
    }

    @Test func whoTriesTooOftenWaits() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, _ in
            var codes: [ErrorCode?] = []
            for _ in 0..<12 {
                codes.append(
                    await code {
                        try await coordinator.accounts.logIn("anna", password: Secret("x"), from: web, agent: nil)
                    })
            }
            #expect(codes.prefix(10).allSatisfy { $0 == .unauthenticated } && codes.last == .some(.busy))
            // Nor is the right one looked at then.
            #expect(
                await code {
                    try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil)
                } == .busy)
        }
    }

    /// Whoever was not looked at for the crowd has lost no attempt.
    @Test func theCrowdCostsNoAttempt() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { _, _ in }
        var parts = cluster.parts
        parts.configuration.passwordLimits.strangers = 0
        let coordinator = try await Coordinator.start(parts)
        for _ in 0..<40 {
            do {
                _ = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil)
                Issue.record("looked at")
            } catch let error as HoldfastError {
                #expect(error.code == .busy && error.message.contains("Too many people"))
            }
        }
    }

    /// Of all who wait one is looked at at a time, and each gets an answer, also when some go away meanwhile.
    @Test func manyAtOnceAreAnswered() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, _ in
            let codes = await withTaskGroup(of: ErrorCode?.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let origin = Origin(.web, address: "198.51.100.\(number)")
                        return await code {
                            try await coordinator.accounts.logIn(
                                "user\(number)", password: Self.password, from: origin, agent: nil)
                        }
                    }
                }
                var codes: [ErrorCode?] = []
                for await code in group {
                    codes.append(code)
                    if codes.count == 10 { group.cancelAll() }
                }
                return codes
            }
            #expect(codes.count == 60 && codes.allSatisfy { $0 == .unauthenticated || $0 == .cancelled })
            _ = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil)
        }
    }

    @Test func hashesAreMadeAnewAtTheNewPrice() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { _, _ in }
        let before = try #require(try await cluster.catalog.get(User.self, try Name("anna"))).value
        var parts = cluster.parts
        parts.configuration.passwordCost = ScryptCost(rounds: 32, blockSize: 8, parallelism: 1)
        let coordinator = try await Coordinator.start(parts)
        _ = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil)
        let after = try #require(try await cluster.catalog.get(User.self, try Name("anna"))).value
        #expect(before.password?.cost.rounds == 16 && after.password?.cost.rounds == 32)
        #expect(after.generation == before.generation)
        _ = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil)
    }

    @Test func sessionsEnd() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            func begin() async throws -> Secret {
                try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: "B").token
            }
            func isKnown(_ token: Secret) async throws -> Bool {
                try await coordinator.accounts.session(bearing: token) != nil
            }
            let (one, two) = (try await begin(), try await begin())
            let known = try #require(try await coordinator.accounts.session(bearing: one))
            #expect(known.principal.roles == [cluster.live.project: .operator] && known.principal.user == anna)
            #expect(known.formToken != (try await coordinator.accounts.session(bearing: two))?.formToken)
            for other in ["", "hfss_", String(one.revealed.dropLast()) + "z", one.revealed + "0"] {
                #expect(try await !isKnown(Secret(other)))
            }
            try await coordinator.accounts.logOut(one, from: web)
            #expect(try await !isKnown(one))
            #expect(try await isKnown(two))
            // By an administrator.
            guard case .sessions(let sessions) = try await cluster.perform(coordinator, .sessionList(user: anna)) else {
                return
            }
            try await cluster.perform(coordinator, .sessionRevoke(try #require(sessions.first).id))
            #expect(try await !isKnown(two))
            // With the password, with the account, and with their number.
            let three = try await begin()
            try await cluster.perform(
                coordinator, .userPassword(UserPassword(user: anna, password: Self.password)))
            #expect(try await !isKnown(three))
            let four = try await begin()
            try await cluster.perform(coordinator, .userDisable(anna))
            try await cluster.perform(coordinator, .userEnable(anna))
            #expect(try await !isKnown(four))
            let five = try await begin()
            for _ in 0..<20 {
                cluster.time.advance(by: .seconds(2))
                _ = try await begin()
            }
            #expect(try await !isKnown(five))
        }
    }

    @Test func sessionsEndByTime() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { _, _ in }
        // A clock that nothing but the test moves.
        let coordinator = try await Coordinator.start(cluster.parts)
        let idle = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil).token
        let used = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil).token
        for _ in 0..<40 {
            cluster.time.advance(by: .seconds(11 * 3600))
            guard try await coordinator.accounts.session(bearing: used) != nil else { break }
        }
        #expect(try await coordinator.accounts.session(bearing: idle) == nil)
        #expect(try await coordinator.accounts.session(bearing: used) == nil)
        let lifetime = coordinator.office.configuration.sessionLifetime
        #expect(cluster.time.uptime > lifetime && cluster.time.uptime < lifetime + .seconds(12 * 3600 + 600))
    }

    @Test func tokensGiveNoMoreThanTheirLimits() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            let (shop, blog) = (cluster.live.project, try Name("blog"))
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: blog)))
            try await cluster.perform(
                coordinator, .userCreate(UserCreate(name: try Name("root"), isAdministrator: true)))
            func principal(_ user: String, _ limits: TokenLimits, seconds: Int? = nil) async throws -> Principal? {
                guard
                    case .accessToken(let new) = try await cluster.perform(
                        coordinator,
                        .tokenCreate(
                            TokenCreate(label: "t", user: try Name(user), limits: limits, validSeconds: seconds)))
                else { return nil }
                return try await coordinator.commands.principal(bearing: new.token)
            }
            let capped = try await principal("root", TokenLimits(role: .viewer))
            #expect(capped?.roles == [shop: .viewer, blog: .viewer] && capped?.isAdministrator == false)
            let one = try await principal("root", TokenLimits(project: blog))
            #expect(one?.roles == [blog: .owner] && one?.isAdministrator == false && one?.isWhole == false)
            let looking = try await principal("root", TokenLimits(isReadOnly: true))
            #expect(looking?.isAdministrator == true && looking?.isReadOnly == true)
            // Never more than the user has.
            let hers = try await principal("anna", TokenLimits(role: .owner))
            #expect(hers?.roles == [shop: .operator] && hers?.token == "t")
            #expect(try await principal("anna", TokenLimits(project: blog))?.roles == [:])
        }
    }

    @Test func tokensEnd() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            func make(_ seconds: Int?) async throws -> NewAccessToken {
                let create = TokenCreate(label: "t", user: anna, validSeconds: seconds)
                guard case .accessToken(let new) = try await cluster.perform(coordinator, .tokenCreate(create)) else {
                    throw HoldfastError(.internal, "no token")
                }
                return new
            }
            func works(_ new: NewAccessToken) async throws -> Bool {
                try await coordinator.commands.principal(bearing: new.token) != nil
            }
            let (revoked, expiring, kept) = (try await make(nil), try await make(3600), try await make(nil))
            #expect(try await works(revoked))
            try await cluster.perform(coordinator, .tokenRevoke(revoked.detail.id))
            #expect(try await !works(revoked))
            #expect(try await works(expiring))
            cluster.time.advance(by: .seconds(3601))
            #expect(try await !works(expiring))
            // What the user loses, the token loses.
            let role = UserRole(user: anna, grant: .project(cluster.live.project, nil))
            try await cluster.perform(coordinator, .userRole(role))
            #expect(try await coordinator.commands.principal(bearing: kept.token)?.roles == [:])
            try await cluster.perform(coordinator, .userDisable(anna))
            #expect(try await !works(kept))
            try await cluster.perform(coordinator, .userEnable(anna))
            #expect(try await works(kept))
            try await cluster.perform(coordinator, .userRemove(anna))
            try await cluster.perform(coordinator, .userCreate(UserCreate(name: anna)))
            #expect(try await !works(kept))
        }
    }

    @Test func aNewProjectOfAnOldNameGivesNoRights() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            let blog = try Name("blog")
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: blog)))
            try await cluster.perform(coordinator, .userRole(UserRole(user: anna, grant: .project(blog, .owner))))
            let token = try await coordinator.accounts.logIn("anna", password: Self.password, from: web, agent: nil)
                .token
            #expect(try await coordinator.accounts.session(bearing: token)?.principal.roles[blog] == .owner)
            try await cluster.perform(coordinator, .projectRemove(blog))
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: blog)))
            #expect(try await coordinator.accounts.session(bearing: token)?.principal.roles[blog] == nil)
        }
    }

    @Test func passwordsAreChangedByWhoKnowsThem() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            let self_ = Principal(name: "anna", user: anna)
            let new = Secret("another horse entirely")
            for current in [nil, Secret("wrong horse battery")] {
                let change = Command.userPassword(UserPassword(user: anna, current: current, password: new))
                #expect(await code { try await cluster.perform(coordinator, change, as: self_) } == .unauthenticated)
            }
            let weak = UserPassword(user: anna, current: Self.password, password: Secret("short"))
            #expect(
                await code { try await cluster.perform(coordinator, .userPassword(weak), as: self_) }
                    == .invalidArgument)
            let change = UserPassword(user: anna, current: Self.password, password: new)
            try await cluster.perform(coordinator, .userPassword(change), as: self_)
            _ = try await coordinator.accounts.logIn("anna", password: new, from: web, agent: nil)
            // An administrator has one made for others, but needs to know their own.
            let root = Principal(name: "anna", isAdministrator: true, user: anna)
            for principal in [root, Principal(name: "anna", isAdministrator: true, user: anna, token: "hers")] {
                let unknown = Command.userPassword(UserPassword(user: anna, password: Self.password))
                #expect(
                    await code { try await cluster.perform(coordinator, unknown, as: principal) } == .unauthenticated)
            }
            let known = UserPassword(user: anna, current: new, password: Secret("a third horse now"))
            try await cluster.perform(coordinator, .userPassword(known), as: root)
            guard
                case .credential(let made) = try await cluster.perform(
                    coordinator, .userPassword(UserPassword(user: anna))), let password = made.password
            else { return #expect(Bool(false)) }
            _ = try await coordinator.accounts.logIn("anna", password: password, from: web, agent: nil)
        }
    }

    /// What lies in client.json sets a password that is lost; a token that was made later doesn't, whatever it is called.
    @Test func aLostPasswordIsSetByTheClustersFiles() async throws {
        let cluster = try await Cluster()
        let coordinator = try await Coordinator.start(cluster.parts)
        let admin = try Name("admin")
        let first = try await coordinator.accounts.makeFirstAdministrator(admin)
        func principal(_ token: Secret) async throws -> Principal {
            try #require(try await coordinator.commands.principal(bearing: token))
        }
        let change = Command.userPassword(UserPassword(user: admin, password: Self.password))
        let create = Command.tokenCreate(TokenCreate(label: "client.json"))
        let file = try await principal(first.token)
        guard case .accessToken(let later) = try await cluster.perform(coordinator, create, as: file) else { return }
        let other = try await principal(later.token)
        #expect(other.isAdministrator && other.isWhole)
        #expect(await code { try await cluster.perform(coordinator, change, as: other) } == .unauthenticated)
        try await cluster.perform(coordinator, change, as: file)
        _ = try await coordinator.accounts.logIn("admin", password: Self.password, from: web, agent: nil)
    }

    /// A token with limits learns of its user's account only what it may itself.
    @Test func limitedTokensSeeLittleOfTheAccount() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            let blog = try Name("blog")
            try await cluster.perform(coordinator, .projectCreate(ProjectCreate(name: blog)))
            try await cluster.perform(coordinator, .userRole(UserRole(user: anna, grant: .project(blog, .owner))))
            let create = TokenCreate(label: "t", user: anna, limits: TokenLimits(role: .viewer, project: blog))
            guard case .accessToken(let new) = try await cluster.perform(coordinator, .tokenCreate(create)) else {
                return
            }
            let token = try #require(try await coordinator.commands.principal(bearing: new.token))
            guard case .user(let seen) = try await cluster.perform(coordinator, .userShow(nil), as: token) else {
                return
            }
            #expect(seen.name == anna && seen.roles == [blog: .viewer] && seen.mail == nil && seen.lastLoginAt == nil)
            for command in [Command.tokenList(user: nil), .sessionList(user: nil), .tokenList(user: anna)] {
                #expect(await code { try await cluster.perform(coordinator, command, as: token) } == .permissionDenied)
            }
            let whole = Principal(name: "anna", user: anna)
            guard case .user(let all) = try await cluster.perform(coordinator, .userShow(nil), as: whole) else {
                return
            }
            #expect(all.roles == [blog: .owner, cluster.live.project: .operator])
            try await cluster.perform(coordinator, .tokenList(user: nil), as: whole)
            try await cluster.perform(coordinator, .sessionList(user: nil), as: whole)
        }
    }

    /// Nobody floods others by Holdfast.
    @Test func messagesAreLimited() async throws {
        let cluster = try await Cluster()
        let mail = FakeMail()
        try await cluster.lead(mail: mail) { (coordinator: Coordinator) async throws in
            func invite(_ number: Int, as principal: Principal) async -> ErrorCode? {
                await code {
                    let name = try Name("\(principal.name)-\(number)")
                    let invite = UserInvite(name: name, mail: try MailAddress("\(name)@example.org"))
                    return try await cluster.perform(coordinator, .userInvite(invite), as: principal)
                }
            }
            var codes: [ErrorCode?] = []
            for number in 0..<30 {
                codes.append(await invite(number, as: cluster.admin))
                if codes.last == .some(.busy) { break }
            }
            #expect(codes.prefix(10).allSatisfy { $0 == nil } && codes.last == .some(.busy))
            #expect(await invite(0, as: Principal(name: "root", isAdministrator: true)) == nil)
            // Neither a test nor links by mail are another way around.
            let test = Command.mailTest(try MailAddress("a@example.org"))
            #expect(await code { try await cluster.perform(coordinator, test) } == .busy)
        }
    }

    @Test func anAdministratorIsAlwaysLeft() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            let (ada, bob) = (try Name("ada"), try Name("bob"))
            for name in [ada, bob] {
                try await cluster.perform(coordinator, .userCreate(UserCreate(name: name, isAdministrator: true)))
            }
            try await cluster.perform(coordinator, .userRemove(bob))
            for command in [
                Command.userRemove(ada), .userDisable(ada),
                .userRole(UserRole(user: ada, grant: .administrator(false))),
            ] { #expect(await code { try await cluster.perform(coordinator, command) } == .checkFailed) }
            // One that was only invited can't help anybody.
            try await cluster.perform(coordinator, .userInvite(UserInvite(name: bob, isAdministrator: true)))
            #expect(await code { try await cluster.perform(coordinator, .userDisable(ada)) } == .checkFailed)
            try await cluster.perform(coordinator, .userRole(UserRole(user: anna, grant: .administrator(true))))
            try await cluster.perform(coordinator, .userDisable(ada))
        }
    }

    @Test func invitationsWorkOnce() async throws {
        let cluster = try await Cluster()
        try await withAnna(cluster) { coordinator, anna in
            func invite(_ name: String, as principal: Principal? = nil) async throws -> InvitationLink {
                let roles: [Name: Role] = principal == nil ? [:] : [cluster.live.project: .viewer]
                guard
                    case .credential(let credential) = try await cluster.perform(
                        coordinator, .userInvite(UserInvite(name: try Name(name), roles: roles)), as: principal),
                    let link = credential.link?.revealed
                else { throw HoldfastError(.internal, "no link") }
                #expect(link.hasPrefix("https://backup.example.org/invitation/"))
                let parts = link.split(separator: "/").suffix(2).map(String.init)
                return try #require(InvitationLink(invitation: parts[0], signature: parts[1]))
            }
            func accept(_ link: InvitationLink) async -> ErrorCode? {
                await code {
                    try await coordinator.accounts.accept(link, password: Self.password, from: web, agent: nil)
                }
            }
            let first = try await invite("ivy")
            let link = try await invite("ivy")
            // A newer one makes the older one useless.
            #expect(await accept(first) == .notFound)
            var forged = link
            forged.signature[0] ^= 1
            #expect(await accept(forged) == .notFound)
            #expect(try await coordinator.accounts.invitation(link).text == "ivy")
            #expect(
                await code {
                    try await coordinator.accounts.accept(link, password: Secret("short"), from: web, agent: nil)
                } == .invalidArgument)
            #expect(await accept(link) == nil)
            #expect(await accept(link) == .notFound)
            _ = try await coordinator.accounts.logIn("ivy", password: Self.password, from: web, agent: nil)
            // An owner lets somebody in, but gets hold of no account that is there.
            let owner = Principal(name: "olga", roles: [cluster.live.project: .owner])
            let late = try await invite("lena", as: owner)
            for name in ["lena", "anna"] {
                #expect(await code { try await invite(name, as: owner) } == .alreadyExists)
            }
            cluster.time.advance(by: .seconds(UserInvite.defaultValidSeconds + 1))
            #expect(await accept(late) == .notFound)
        }
    }

    @Test func invitationsGoByMail() async throws {
        let cluster = try await Cluster()
        let mail = FakeMail()
        try await cluster.lead(mail: mail) { (coordinator: Coordinator) async throws in
            let invite = UserInvite(name: try Name("ivy"), mail: try MailAddress("ivy@example.org"))
            guard case .credential(let credential) = try await cluster.perform(coordinator, .userInvite(invite)) else {
                return
            }
            // Whoever invites doesn't get the link that goes to somebody's own mailbox.
            #expect(credential.link == nil && credential.mail == invite.mail)
            try await cluster.until("the mail is sent") { !mail.messages.isEmpty }
            let text = try #require(mail.messages.first).text
            let words = text.split(whereSeparator: \.isWhitespace)
            let link = try #require(words.first { $0.contains("/invitation/") })
            let parts = link.split(separator: "/").suffix(2).map(String.init)
            let known = try #require(InvitationLink(invitation: parts[0], signature: parts[1]))
            _ = try await coordinator.accounts.accept(known, password: Self.password, from: web, agent: nil)
        }
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let invite = UserInvite(name: try Name("max"), mail: try MailAddress("max@example.org"))
            #expect(await code { try await cluster.perform(coordinator, .userInvite(invite)) } == .checkFailed)
        }
    }
}
