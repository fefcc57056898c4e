import HoldfastCommands
import HoldfastModel
import HTTPTypes
import Hummingbird
import Logging

/// The pages of the web console, by their addresses. Each asks for what it shows, and does what it does, by commands.
struct PageRoutes: Sendable {
    let commands: any CommandService
    let accounts: any AccountService
    let contents: ContentService
    let cookie: SessionCookie
    let isBehindProxy: Bool
    let time: any TimeSource
    let logger: Logger

    private var signingIn: SigningInPages { SigningInPages(accounts: accounts, cookie: cookie, time: time) }

    func add(to router: Router<WebContext>) {
        for asset in Asset.all { router.get(RouterPath(asset.path)) { _, _ in asset.response } }
        addGate(to: router)
        addProjects(to: router)
        addBackups(to: router)
        addRestores(to: router)
        addOthers(to: router)
    }

    // MARK: getting in and out

    private func addGate(to router: Router<WebContext>) {
        router.get("/") { _, _ in Response.seeOther("/projects") }
        router.get("/login") { request, context in
            try await guarded(request) { try signingIn.signIn(to: request.uri.queryParameters["to"].map(String.init)) }
        }
        router.post("/login") { request, context in
            try await guarded(request) {
                try sameSite(request)
                return try await signingIn.signIn(
                    try await Form(request, time: time), from: origin(of: request, context),
                    agent: request.headers[.userAgent])
            }
        }
        router.get("/invitation/:id/:signature") { request, context in
            try await guarded(request) { try await signingIn.invitation(link(context)) }
        }
        router.post("/invitation/:id/:signature") { request, context in
            try await guarded(request) {
                try sameSite(request)
                return try await signingIn.accept(
                    link(context), try await Form(request, time: time), from: origin(of: request, context),
                    agent: request.headers[.userAgent])
            }
        }
        router.post("/logout") { request, context in
            try await act(request, context) { visit, _ in
                try await signingIn.signOut(visit, cookie.token(in: request.headers) ?? Secret(""))
            }
        }
    }

    private func link(_ context: WebContext) throws -> InvitationLink {
        guard
            let link = InvitationLink(
                invitation: context.parameters.get("id") ?? "", signature: context.parameters.get("signature") ?? "")
        else { throw HoldfastError(.notFound, "This is no invitation of ours. Is the link whole?") }
        return link
    }

    // MARK: pages

    private func addProjects(to router: Router<WebContext>) {
        let pages = ProjectPages()
        get(router, "/projects") { visit, _ in try await pages.overview(visit) }
        get(router, "/projects/new") { visit, _ in try await pages.new(visit) }
        post(router, "/projects/new") { visit, form, _ in try await pages.create(visit, form) }
        get(router, "/projects/:project") { visit, path in try await BackupsPage().show(visit, path.project()) }
        get(router, "/projects/:project/environments/new") { visit, path in
            try await pages.newEnvironment(visit, path.project())
        }
        post(router, "/projects/:project/environments/new") { visit, form, path in
            try await pages.createEnvironment(visit, path.project(), form)
        }
        get(router, "/environments/:project/:environment") { visit, path in
            try await pages.environment(visit, path.environment())
        }
        post(router, "/environments/:project/:environment/set-service") { visit, form, path in
            try await pages.setService(visit, path.environment(), form)
        }
        post(router, "/environments/:project/:environment/remove-service") { visit, form, path in
            try await pages.removeService(visit, path.environment(), form)
        }
        post(router, "/environments/:project/:environment/check") { visit, _, path in
            try await pages.check(visit, path.environment())
        }
        let notices = NoticePages()
        get(router, "/notices") { visit, _ in try await notices.show(visit, nil) }
        post(router, "/notices") { visit, form, _ in try await notices.add(visit, nil, form) }
        post(router, "/notices/:id/remove") { visit, _, path in
            try await notices.remove(visit, nil, path.id("receiver"))
        }
        post(router, "/notices/:id/test") { visit, _, path in try await notices.test(visit, nil, path.id("receiver")) }
        get(router, "/projects/:project/notices") { visit, path in try await notices.show(visit, path.project()) }
        post(router, "/projects/:project/notices") { visit, form, path in
            try await notices.add(visit, path.project(), form)
        }
        post(router, "/projects/:project/notices/:id/remove") { visit, _, path in
            try await notices.remove(visit, path.project(), path.id("receiver"))
        }
        post(router, "/projects/:project/notices/:id/test") { visit, _, path in
            try await notices.test(visit, path.project(), path.id("receiver"))
        }
        let schedules = SchedulePages()
        get(router, "/projects/:project/schedules") { visit, path in try await schedules.show(visit, path.project()) }
        post(router, "/environments/:project/:environment/schedule") { visit, form, path in
            try await schedules.set(visit, path.environment(), form)
        }
        post(router, "/environments/:project/:environment/schedule/pause") { visit, _, path in
            try await schedules.pause(visit, path.environment())
        }
        post(router, "/environments/:project/:environment/schedule/resume") { visit, _, path in
            try await schedules.resume(visit, path.environment())
        }
        post(router, "/environments/:project/:environment/schedule/retention") { visit, form, path in
            try await schedules.keep(visit, path.environment(), form)
        }
    }

    private func addBackups(to router: Router<WebContext>) {
        let pages = BackupPages()
        get(router, "/environments/:project/:environment/backup") { visit, path in
            try await pages.new(visit, path.environment())
        }
        post(router, "/environments/:project/:environment/backup") { visit, form, path in
            try await pages.create(visit, path.environment(), form)
        }
        get(router, "/backups/:id") { visit, path in try await pages.show(visit, path.id("backup")) }
        for (name, template) in [("note", "backup-note"), ("expire", "backup-expire"), ("delete", "backup-delete")] {
            get(router, "/backups/:id/\(name)") { visit, path in
                try await pages.ask(visit, path.id("backup"), template)
            }
        }
        let contents = ContentsPages()
        for (name, page) in [("tables", contents.tables), ("files", contents.files)] {
            router.get(RouterPath("/backups/:id/\(name)")) { request, context in
                try await look(request, context) { visit, path in
                    try await page(visit, path.id("backup"), Form(request.uri.query ?? ""))
                }
            }
        }
        for name in ["tables", "files"] {
            router.get(RouterPath("/backups/:id/\(name)/content")) { request, context in
                try await look(request, context) { visit, path in
                    // It is noted as a change is, and no other site is to have it done.
                    try sameSite(request)
                    let get = try ContentsPages.get(path.id("backup"), Form(request.uri.query ?? ""))
                    return try await self.contents.answer(request, get, as: visit.principal, from: visit.origin)
                }
            }
        }
        post(router, "/backups/:id/note") { visit, form, path in
            try await pages.note(visit, path.id("backup"), form)
        }
        post(router, "/backups/:id/expire") { visit, form, path in
            try await pages.expire(visit, path.id("backup"), form)
        }
        let changes: [(String, @Sendable (BackupID) -> Command, Done)] = [
            ("pin", { .backupPin($0) }, .pinned), ("unpin", { .backupUnpin($0) }, .unpinned),
            ("delete", { .backupDelete($0) }, .deleted), ("undelete", { .backupUndelete($0) }, .undeleted),
            ("cancel", { .backupCancel($0) }, .cancelled),
        ]
        for (name, command, done) in changes {
            post(router, "/backups/:id/\(name)") { visit, _, path in
                let id: BackupID = try path.id("backup")
                return try await pages.change(visit, id, command(id), done)
            }
        }
        post(router, "/backups/:id/verify") { visit, _, path in
            .seeOther("/jobs/\(try await visit.launch(.backupVerify(path.id("backup"))).job)")
        }
    }

    private func addRestores(to router: Router<WebContext>) {
        let pages = RestorePages()
        get(router, "/backups/:id/restore") { visit, path in try await pages.new(visit, path.id("backup")) }
        router.get("/backups/:id/restore/plan") { request, context in
            try await look(request, context) { visit, path in
                let query = try Form(request.uri.query ?? "")
                return try await pages.plan(
                    visit, path.id("backup"), parts: query.all("part"), to: query.need("to", "where to"))
            }
        }
        post(router, "/backups/:id/restore") { visit, form, path in
            try await pages.start(visit, path.id("backup"), form)
        }
        get(router, "/restores/:id") { visit, path in try await pages.show(visit, path.id("restore")) }
        post(router, "/restores/:id/undo") { visit, form, path in
            try await pages.undo(visit, path.id("restore"), form)
        }
        post(router, "/restores/:id/cancel") { visit, _, path in try await pages.cancel(visit, path.id("restore")) }
        post(router, "/restores/:id/resume") { visit, _, path in try await pages.resume(visit, path.id("restore")) }
        get(router, "/jobs/:id") { visit, path in try await JobPage().show(visit, path.id("job")) }
    }

    private func addOthers(to router: Router<WebContext>) {
        let downloads = DownloadPages()
        get(router, "/backups/:id/download") { visit, path in try await downloads.new(visit, path.id("backup")) }
        post(router, "/backups/:id/download") { visit, form, path in
            try await downloads.prepare(visit, path.id("backup"), form)
        }
        get(router, "/downloads") { visit, _ in try await downloads.list(visit) }
        get(router, "/downloads/:id") { visit, path in try await downloads.show(visit, path.id("download")) }
        post(router, "/downloads/:id/revoke") { visit, _, path in
            try await downloads.revoke(visit, path.id("download"))
        }
        get(router, "/cluster") { visit, _ in try await ClusterPage().show(visit) }
        get(router, "/activity") { visit, _ in try await ActivityPage().show(visit) }
        let account = AccountPages()
        get(router, "/account") { visit, _ in try await account.show(visit) }
        post(router, "/account/tokens") { visit, form, _ in try await account.createToken(visit, form) }
        post(router, "/account/tokens/:id/revoke") { visit, _, path in
            try await account.revokeToken(visit, path.id("token"))
        }
        post(router, "/account/sessions/:id/revoke") { visit, _, path in
            try await account.revokeSession(visit, path.id("session"))
        }
        post(router, "/account/password") { visit, form, _ in try await account.changePassword(visit, form) }
        let people = PeoplePages()
        get(router, "/people") { visit, _ in try await people.show(visit) }
        get(router, "/people/new") { visit, _ in
            try await people.new(visit, name: visit.query["name"] ?? "", mail: visit.query["mail"] ?? "")
        }
        post(router, "/people") { visit, form, _ in try await people.invite(visit, form) }
        post(router, "/people/role") { visit, form, _ in try await people.role(visit, form) }
        post(router, "/people/:name/disable") { visit, _, path in
            try await people.change(visit, .userDisable(path.name()))
        }
        post(router, "/people/:name/enable") { visit, _, path in
            try await people.change(visit, .userEnable(path.name()))
        }
    }

    // MARK: what is common to all

    private func get(
        _ router: Router<WebContext>, _ path: String,
        _ page: @escaping @Sendable (Visit, PagePath) async throws -> Response
    ) {
        router.get(RouterPath(path)) { request, context in try await look(request, context, page) }
    }

    private func post(
        _ router: Router<WebContext>, _ path: String,
        _ action: @escaping @Sendable (Visit, Form, PagePath) async throws -> Response
    ) {
        router.post(RouterPath(path)) { request, context in
            try await act(request, context) { visit, form in
                try await action(visit, form, PagePath(parameters: context.parameters))
            }
        }
    }

    /// A page for whoever is signed in; everybody else is asked to.
    private func look(
        _ request: Request, _ context: WebContext, _ page: (Visit, PagePath) async throws -> Response
    ) async throws -> Response {
        guard let visit = try await visit(request, context) else {
            return .seeOther("/login?to=\(Form.encode(request.uri.string))")
        }
        return try await guarded(request, visit) { try await page(visit, PagePath(parameters: context.parameters)) }
    }

    /// A change by a form of ours, for whoever is signed in.
    private func act(
        _ request: Request, _ context: WebContext, _ action: (Visit, Form) async throws -> Response
    ) async throws -> Response {
        guard let visit = try await visit(request, context) else { return .seeOther("/login") }
        return try await guarded(request, visit) {
            try sameSite(request)
            let form = try await Form(request, time: time)
            guard WebIdentity.areEqual(form.exact("form"), visit.known.formToken.revealed) else {
                throw HoldfastError(
                    .permissionDenied, "This form is of another session. Go back, load the page again, and repeat it")
            }
            return try await action(visit, form)
        }
    }

    private func origin(of request: Request, _ context: WebContext) -> Origin {
        Origin(.web, address: context.address(of: request, isBehindProxy: isBehindProxy))
    }

    private func visit(_ request: Request, _ context: WebContext) async throws -> Visit? {
        guard let token = cookie.token(in: request.headers), let known = try await accounts.session(bearing: token)
        else {
            return nil
        }
        var query: [String: String] = [:]
        for (key, value) in request.uri.queryParameters { query[String(key)] = query[String(key)] ?? String(value) }
        return Visit(
            known: known, commands: commands, origin: origin(of: request, context), query: query, now: time.now)
    }

    /// Browsers say where a form was sent from. No other site may have one of ours sent.
    private func sameSite(_ request: Request) throws(HoldfastError) {
        if let site = request.headers[.known("Sec-Fetch-Site")] {
            guard site != "same-origin", site != "none" else { return }
        } else {
            // Over HTTP that is not this machine's own they don't; a form's origin they say also there.
            guard !isBehindProxy, let origin = request.headers[.origin], let host = request.head.authority,
                origin != "http://\(host)", origin != "https://\(host)"
            else { return }
        }
        throw HoldfastError(.permissionDenied, "This form was sent by another site")
    }

    private struct Failure {
        let frame: Frame
        let title: String
        let message: String
        let code: String
    }

    /// What fails is told in a page.
    private func guarded(
        _ request: Request, _ visit: Visit? = nil, _ body: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await body()
        } catch let error as any HTTPResponseError {
            throw error
        } catch {
            let error = HoldfastError(error)
            if error.code == .internal { logger.error("A page failed: \(error)") }
            let title =
                switch error.code {
                case .notFound: "There is nothing here"
                case .permissionDenied: "This is not for you"
                case .internal: "Something went wrong here"
                default: "That did not work"
                }
            let message = error.code == .internal ? "Please tell whoever runs this." : PageWording.sentence(error)
            let frame = visit.map { Frame(title: title, in: .projects, $0) } ?? Frame(title: title)
            let page = Failure(frame: frame, title: title, message: message, code: error.code.rawValue)
            return try .page(
                Templates.render(page, as: visit == nil ? "outside" : "failure"),
                HTTPResponse.Status(code: error.code.httpStatus))
        }
    }
}

/// The parts of an address.
struct PagePath {
    let parameters: Parameters

    func project() throws -> Name { try Name(parameters.get("project") ?? "") }

    func name() throws -> Name { try Name(parameters.get("name") ?? "") }

    func environment() throws -> EnvironmentReference {
        EnvironmentReference(project: try project(), environment: try Name(parameters.get("environment") ?? ""))
    }

    func id<Of>(_ what: String) throws -> ID<Of> {
        guard let id = ID<Of>(parameters.get("id") ?? "") else {
            throw HoldfastError(.notFound, "There is no such \(what)")
        }
        return id
    }
}
