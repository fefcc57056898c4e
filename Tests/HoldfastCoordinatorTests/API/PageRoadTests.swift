import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastCoordinator
@testable import HoldfastWeb

/// The pages before a real coordinator.
@Suite(.timeLimit(.minutes(5))) struct PageRoadTests {
    /// Each page and form, asked for by everybody who may ask.
    @Test func everyPageForEveryRole() async throws {
        try await withAPI { api in
            let road = PageRoad(
                api: api, scene: try await AuthorizerTests.scene(api.cluster, api.coordinator))
            let routes = PageRoad.routes(api)
            // A new page has to say whose it is.
            #expect(
                Set(routes.map(\.description)).symmetricDifference(
                    PageRoad.open.union(PageRoad.least.keys)) == [])
            let shop = api.cluster.live.project
            let people: [(PageRoad.Guest, Least)] = [
                (try await road.guest("stranger"), .anyone), (try await road.guest("vera", [shop: .viewer]), .viewer),
                (try await road.guest("otto", [shop: .operator]), .operator),
                (try await road.guest("olga", [shop: .owner]), .owner),
                (try await road.guest("root", [:], true), .administrator),
            ]
            let limited = try await api.token("olga", limits: TokenLimits(isReadOnly: true))
            let closed = routes.compactMap { route in PageRoad.least[route.description].map { (route, $0) } }
            for (route, least) in closed {
                // Who isn't signed in is asked to; a token is no session, wherever it is shown.
                let bearer = "Authorization: Bearer \(limited.revealed)"
                let cookie = "Cookie: \(SessionCookie.plainName)=\(limited.revealed)"
                for headers in [[], [bearer], [cookie]] {
                    let answer = try await road.ask(route, as: nil, headers: headers)
                    #expect(
                        answer.status == 303 && answer.headers["location"]?.hasPrefix("/login") == true,
                        "\(route) by nobody: \(answer.status)")
                }
                for (guest, rank) in people where rank.rawValue < least.rawValue || route.method == .get {
                    let answer = try await road.ask(route, as: guest)
                    let isRefused = [403, 404].contains(answer.status)
                    #expect(
                        isRefused == (rank.rawValue < least.rawValue) && (isRefused || answer.status == 200),
                        "\(route) by \(rank): \(answer.status) \(answer.text.suffix(400))")
                }
                // Nor does a form do anything that no page of this session has sent.
                if route.method == .post, let root = people.last?.0 {
                    var forged = root
                    forged.form = people[0].0.form
                    #expect(try await road.ask(route, as: forged).status == 403, "\(route) by another's form")
                    let other = try await road.ask(route, as: root, headers: ["Sec-Fetch-Site: cross-site"])
                    #expect(other.status == 403, "\(route) from another site")
                }
            }
            // Whoever may, may: all forms by an administrator, what takes away last.
            let away = ["remove", "delete", "disable", "revoke", "remove-service", "logout"]
            func rank(_ route: PageRoad.Route) -> Int { away.firstIndex { route.path.hasSuffix($0) } ?? -1 }
            let forms = closed.map(\.0).filter { $0.method == .post }
            for route in forms.sorted(by: { rank($0) < rank($1) }) {
                let answer = try await road.ask(route, as: people.last?.0)
                #expect(
                    answer.status != 403 && answer.status < 500 && answer.headers["location"] != "/login"
                        || route.path == "/logout",
                    "\(route): \(answer.status) \(answer.text.suffix(400))")
            }
        }
    }
}
