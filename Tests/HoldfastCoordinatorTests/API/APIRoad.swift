import Foundation
import HTTPTypes
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastCoordinator
@testable import HoldfastWeb

/// A served API, asked by curl; whatever it answers has to be as its document says.
struct APIRoad: Sendable {
    let cluster: Cluster
    let coordinator: Coordinator
    let base: String
    private let document: JSONValue

    init(_ cluster: Cluster, _ coordinator: Coordinator, base: String) async throws {
        self.cluster = cluster
        self.coordinator = coordinator
        self.base = base
        let served = try await Curl.get(base + "/api/v1/openapi.json")
        document = try JSONDecoder().decode(JSONValue.self, from: Data(served.body))
    }

    /// A token of a user, who is made where there is none.
    func token(
        _ user: String, _ roles: [Name: Role] = [:], _ isAdministrator: Bool = false, limits: TokenLimits = .none
    ) async throws -> Secret {
        let name = try Name(user)
        _ = try? await cluster.perform(
            coordinator, .userCreate(UserCreate(name: name, isAdministrator: isAdministrator, roles: roles)))
        let create = TokenCreate(label: "test", user: name, limits: limits)
        guard case .accessToken(let new) = try await cluster.perform(coordinator, .tokenCreate(create)) else {
            throw HoldfastError(.internal, "no token")
        }
        return new.token
    }

    /// Whether the route, asked without naming anybody, is about whoever asks.
    func isOwn(_ route: APIRoute) -> Bool {
        ["/me", "/tokens", "/sessions", "/environments", "/backups", "/schedules", "/restores", "/downloads"]
            .contains(route.path) && route.method == .get || route.path == "/tokens" && route.method == .post
    }

    /// Who is the least that may, where that is not as for its kind.
    func least(_ route: APIRoute) -> Least? {
        route.path == "/notices" && route.method == .post ? .administrator : nil
    }

    func ask(_ route: APIRoute, _ scene: AccessScene, _ token: Secret?) async throws -> Curl {
        let names: [String: String] = [
            "project": "shop", "environment": "live", "service": "media", "backup": scene.backup.text,
            "job": (route.path.hasPrefix("/restores") ? scene.restore : scene.job).text,
            "download": scene.download.text, "user": "anna", "token": scene.token.text,
            "session": scene.session.text, "mail": "000000000000", "receiver": scene.receiver.text,
        ]
        let path =
            "/"
            + route.segments.map { segment in
                segment.hasPrefix("{") ? names[String(segment.dropFirst().dropLast())] ?? "x" : String(segment)
            }.joined(separator: "/")
        let wanted = ["path": "x", "table": "x", "pattern": "x", "since": scene.backup.text]
        var words = route.query.filter(\.isRequired).map { "\($0.name)=\(wanted[$0.name] ?? "x")" }
        if [.auditList, .noticeList, .environmentList, .scheduleList].contains(route.kind), !isOwn(route) {
            words.append("project=shop")
        }
        let query = words.isEmpty ? "" : "?" + words.joined(separator: "&")
        return try await send(route.method, path + query, token, route.body.map { _ in Self.body(route, scene) })
    }

    private static func body(_ route: APIRoute, _ scene: AccessScene) -> String {
        let samples: [String: JSONValue] = [
            "name": "new", "roles": ["shop": "viewer"], "role": "viewer", "administrator": true, "label": "x",
            "backup": .string(scene.backup.text), "destination": "shop/test", "confirm": "shop/test",
            "to": "a@example.org", "mail": "a@example.org",
            "note": "n", "rules": ["daily": 7], "preset": "daily", "path": "/media/x", "project": "shop",
            "copies": 1, "policy": "none",
        ]
        var members: [String: JSONValue] = [:]
        for field in route.body ?? [] {
            let isWanted =
                field.isRequired || ["preset", "path", "roles"].contains(field.name)
                || (field.name == "mail" && route.kind == .noticeAdd)
                || (field.name == "project" && [.collectRun, .repairRun].contains(route.kind))
            if isWanted { members[field.name] = samples[field.name] }
        }
        return String(decoding: APIJSON.bytes(of: JSONValue.object(members)), as: UTF8.self)
    }

    /// Sends a request, and holds what is answered against the document.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ token: Secret?, _ body: String? = nil, headers: [String] = []
    ) async throws -> Curl {
        var options = ["-X", method.rawValue] + headers.flatMap { ["-H", $0] }
        if let token { options += ["-H", "Authorization: Bearer \(token.revealed)"] }
        if let body { options += ["-H", "Content-Type: application/json", "--data-binary", body] }
        let answer = try await Curl.get(base + "/api/v1" + path, options)
        let plain = path.split(separator: "?")[0].split(separator: "/").map(String.init)
        let matching = APIRoutes.all.filter { $0.method == method }.compactMap { route in
            route.match(plain).map { (route, $0.count) }
        }
        guard let route = matching.min(by: { $0.1 < $1.1 })?.0 else { return answer }
        for mistake in mistakes(in: answer, to: route) { Issue.record("\(method) \(path): \(mistake)") }
        return answer
    }

    private func mistakes(in answer: Curl, to route: APIRoute) -> [String] {
        let responses = document["paths"]?[route.path]?[route.method.rawValue.lowercased()]?["responses"]
        guard let response = responses?["\(answer.status)"] ?? (answer.status >= 400 ? responses?["default"] : nil)
        else {
            return ["the document knows no \(answer.status)"]
        }
        let type = answer.headers["content-type"] ?? ""
        guard let schema = response["content"]?[type]?["schema"] else { return ["the document knows no \(type)"] }
        guard type.hasSuffix("json") else { return [] }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(answer.body)) else {
            return ["this is no JSON: \(answer.text.prefix(100))"]
        }
        return SchemaCheck(document).mistakes(in: value, against: schema)
    }
}
