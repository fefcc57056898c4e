import HTTPTypes
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Hummingbird
import Testing

@testable import HoldfastCoordinator
@testable import HoldfastWeb

/// The pages as a browser asks for them.
struct PageRoad: Sendable {
    struct Route: Hashable, CustomStringConvertible {
        var method: HTTPRequest.Method
        var path: String

        var description: String { "\(method.rawValue) \(path)" }
    }

    /// Somebody's cookie, and what their forms bring back.
    struct Guest {
        var cookie: String
        var form: String
    }

    let api: APIRoad
    let scene: AccessScene

    /// All that a browser can ask for beside the API, links of downloads and what is for machines.
    static func routes(_ api: APIRoad) -> [Route] {
        let router = Router(context: WebContext.self)
        PageRoutes(
            commands: api.coordinator.commands, accounts: api.coordinator.accounts,
            contents: ContentService(
                commands: api.coordinator.commands, slots: Slots(10, each: 10), time: api.cluster.time,
                logger: api.coordinator.office.logger),
            cookie: SessionCookie(isSecure: false), isBehindProxy: false, time: api.cluster.time,
            logger: api.coordinator.office.logger
        ).add(to: router)
        return router.routes.map { Route(method: $0.method, path: "\($0.path)") }
            .filter { !$0.path.hasPrefix("/assets/") }.sorted { $0.description < $1.description }
    }

    /// What everybody may ask for.
    static let open: Set<String> = [
        "GET /", "GET /login", "POST /login", "GET /invitation/{id}/{signature}", "POST /invitation/{id}/{signature}",
    ]

    /// Who is the least that may ask for the others: as for the commands that they stand for.
    static let least: [String: Least] = [
        "POST /logout": .anyone, "GET /projects": .anyone, "GET /downloads": .anyone, "GET /cluster": .anyone,
        "GET /activity": .anyone, "GET /account": .anyone, "POST /account/tokens": .anyone,
        "POST /account/password": .anyone,
        // Those of another user.
        "POST /account/tokens/{id}/revoke": .administrator, "POST /account/sessions/{id}/revoke": .administrator,
        "GET /projects/new": .administrator, "POST /projects/new": .administrator, "GET /notices": .administrator,
        "POST /notices": .administrator, "GET /people": .administrator, "GET /people/new": .administrator,
        "POST /people/{name}/disable": .administrator, "POST /people/{name}/enable": .administrator,
        "GET /projects/{project}": .viewer, "GET /environments/{project}/{environment}": .viewer,
        "GET /projects/{project}/schedules": .viewer, "GET /backups/{id}": .viewer, "GET /backups/{id}/tables": .viewer,
        "GET /backups/{id}/files": .viewer, "GET /backups/{id}/restore/plan": .viewer, "GET /restores/{id}": .viewer,
        "GET /jobs/{id}": .viewer, "GET /downloads/{id}": .viewer,
        "GET /environments/{project}/{environment}/backup": .operator,
        "POST /environments/{project}/{environment}/backup": .operator,
        "POST /environments/{project}/{environment}/check": .operator, "GET /backups/{id}/note": .operator,
        "POST /backups/{id}/note": .operator, "POST /backups/{id}/pin": .operator,
        "POST /backups/{id}/unpin": .operator,
        "POST /backups/{id}/undelete": .operator, "POST /backups/{id}/cancel": .operator,
        "GET /backups/{id}/tables/content": .operator, "GET /backups/{id}/files/content": .operator,
        "POST /backups/{id}/verify": .operator, "GET /backups/{id}/restore": .operator,
        "POST /backups/{id}/restore": .operator, "POST /restores/{id}/undo": .operator,
        "POST /restores/{id}/cancel": .operator, "POST /restores/{id}/resume": .operator,
        "GET /backups/{id}/download": .operator, "POST /backups/{id}/download": .operator,
        "POST /downloads/{id}/revoke": .operator,
        "GET /projects/{project}/environments/new": .owner, "POST /projects/{project}/environments/new": .owner,
        "POST /environments/{project}/{environment}/set-service": .owner,
        "POST /environments/{project}/{environment}/remove-service": .owner, "GET /projects/{project}/notices": .owner,
        "POST /projects/{project}/notices": .owner, "POST /projects/{project}/notices/{id}/remove": .owner,
        "POST /projects/{project}/notices/{id}/test": .owner, "POST /notices/{id}/remove": .owner,
        "POST /notices/{id}/test": .owner, "POST /environments/{project}/{environment}/schedule": .owner,
        "POST /environments/{project}/{environment}/schedule/pause": .owner,
        "POST /environments/{project}/{environment}/schedule/resume": .owner,
        "POST /environments/{project}/{environment}/schedule/retention": .owner, "GET /backups/{id}/expire": .owner,
        "POST /backups/{id}/expire": .owner, "GET /backups/{id}/delete": .owner, "POST /backups/{id}/delete": .owner,
        "POST /people": .owner, "POST /people/role": .owner,
    ]

    /// Signs somebody in who is made for it.
    func guest(_ name: String, _ roles: [Name: Role] = [:], _ isAdministrator: Bool = false) async throws -> Guest {
        let password = Secret("correct horse battery")
        try await api.cluster.perform(
            api.coordinator,
            .userCreate(
                UserCreate(
                    name: try Name(name), isAdministrator: isAdministrator, roles: roles, password: password)))
        let accounts = api.coordinator.accounts
        let token = try await accounts.logIn(name, password: password, from: Origin(.web), agent: nil).token
        let known = try #require(try await accounts.session(bearing: token))
        return Guest(cookie: "\(SessionCookie.plainName)=\(token.revealed)", form: known.formToken.revealed)
    }

    func ask(_ route: Route, as guest: Guest?, headers: [String] = []) async throws -> Curl {
        let id: String =
            switch route.path.split(separator: "/").prefix(2).joined(separator: "/") {
            case let path where path.hasPrefix("backups"): scene.backup.text
            case let path where path.hasPrefix("restores"): scene.restore.text
            case let path where path.hasPrefix("jobs"): scene.job.text
            case let path where path.hasPrefix("downloads"): scene.download.text
            case "account/tokens": scene.token.text
            case "account/sessions": scene.session.text
            default: scene.receiver.text
            }
        let parts = [
            "{project}": "shop", "{environment}": "live", "{name}": "anna", "{id}": id,
            "{signature}": String(repeating: "0", count: 64),
        ]
        var path = route.path.split(separator: "/").map { parts[String($0)] ?? String($0) }.joined(separator: "/")
        if route.path.hasSuffix("/plan") { path += "?part=media&to=shop/test" }
        var options = ["-X", route.method.rawValue] + headers.flatMap { ["-H", $0] }
        if let guest { options += ["-H", "Cookie: \(guest.cookie)"] }
        if route.method == .post { options += fields(guest).flatMap { ["--data-urlencode", $0] } }
        return try await Curl.get("\(api.base)/\(path)", options)
    }

    /// What any of the forms needs.
    private func fields(_ guest: Guest?) -> [String] {
        [
            "form=\(guest?.form ?? "")", "name=new", "mail=new@example.org", "project=shop", "role=viewer", "user=anna",
            "to=shop/test", "confirm=shop/test", "part=media", "what=media", "note=n", "date=2030-01-31",
            "media=/media/x", "service=media", "timing=daily", "zone=UTC", "label=x", "scope=read", "days=30",
            "current=wrong", "password=correct horse battery", "again=correct horse battery", "daily=7",
        ]
    }
}
