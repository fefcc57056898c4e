import Foundation
import HTTPTypes
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Logging
import Testing

@testable import HoldfastCoordinator
@testable import HoldfastWeb

/// The API before a real coordinator: every answer is held against the document that the API serves.
@Suite(.timeLimit(.minutes(5))) struct APIRoadTests {
    /// Everybody who may ask: a whole account for each role, and tokens with limits.
    @Test func everyRouteForEveryRole() async throws {
        try await withAPI { road in
            let scene = try await AuthorizerTests.scene(road.cluster, road.coordinator)
            let shop = road.cluster.live.project
            let people: [(String, [Name: Role], Bool, Least)] = [
                ("stranger", [:], false, .anyone), ("vera", [shop: .viewer], false, .viewer),
                ("otto", [shop: .operator], false, .operator), ("olga", [shop: .owner], false, .owner),
                ("root", [:], true, .administrator),
            ]
            // The least first: by the time an administrator removes something, the others have asked for it.
            for (name, roles, isAdministrator, rank) in people {
                let token = try await road.token(name, roles, isAdministrator)
                let looking = try await road.token(name, limits: TokenLimits(isReadOnly: true))
                for route in APIRoutes.all {
                    // Its own account and what it is a list of are anybody's.
                    let least = try road.isOwn(route) ? .anyone : road.least(route) ?? scene.row(route.kind).1
                    guard rank.rawValue < least.rawValue || route.method == .get else { continue }
                    let answer = try await road.ask(route, scene, token)
                    let isRefused = [403, 404].contains(answer.status)
                    #expect(
                        isRefused == (rank.rawValue < least.rawValue),
                        "\(route.method) \(route.path) by \(name): \(answer.status) \(answer.text.prefix(200))")
                    if route.method != .get, try scene.row(route.kind).0.change != nil {
                        let refused = try await road.ask(route, scene, looking)
                        #expect([403, 404].contains(refused.status), "\(route.path) by a read-only \(name)")
                    }
                }
            }
            // Without a word who asks, nothing at all.
            for route in APIRoutes.all { #expect(try await road.ask(route, scene, nil).status == 401, "\(route.path)") }
            // Whoever may, may: everything once more by an administrator, what takes away last.
            let root = try await road.token("root")
            for route in APIRoutes.all.sorted(by: { !$0.isTakingAway && $1.isTakingAway }) {
                let answer = try await road.ask(route, scene, root)
                #expect(answer.status != 403 && answer.status < 500, "\(route.path): \(answer.status) \(answer.text)")
            }
        }
    }

    @Test func aBackupFromBeginningToEnd() async throws {
        try await withAPI { road in
            let token = try await road.token("otto", [road.cluster.live.project: .operator])
            let made = try await road.send(
                .post, "/projects/shop/environments/live/backups", token, #"{"note":"sale"}"#)
            #expect(made.status == 202)
            let accepted = try JSONDecoder().decode(Accepted.self, from: Data(made.body))
            let backup = try #require(accepted.backup)
            // To its end, with every line of the journal, and again from where a connection broke.
            let events = try await road.send(.get, "/jobs/\(accepted.job)/events", token)
            #expect(events.status == 200 && events.headers["content-type"] == "text/event-stream")
            #expect(events.text.contains("event: end\n") && events.text.contains(#""status":"succeeded""#))
            let numbers = events.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }
            #expect(numbers.count >= 3)
            let rest = try await road.send(
                .get, "/jobs/\(accepted.job)/events", token, headers: ["Last-Event-ID: \(numbers[1].dropFirst(4))"])
            #expect(rest.text.split(separator: "\n").filter { $0.hasPrefix("id: ") } == Array(numbers.dropFirst(2)))
            let shown = try await road.send(.get, "/backups/\(backup)", token)
            #expect(shown.status == 200 && shown.text.contains(#""note":"sale""#))
            let list = try await road.send(.get, "/backups?environment=shop/live&limit=1", token)
            #expect(list.text.contains(backup.text))
            #expect(try await road.send(.put, "/backups/\(backup)/note", token, #"{"note":""}"#).status == 200)
            let verified = try await road.send(.post, "/backups/\(backup)/verify", token)
            #expect(verified.status == 202)
        }
    }

    @Test func theSameKeyTheSameAnswer() async throws {
        try await withAPI { road in
            let token = try await road.token("root", [:], true)
            let path = "/projects/shop/environments/live/backups"
            func make(_ key: String, _ body: String, _ token: Secret) async throws -> Curl {
                try await road.send(.post, path, token, body, headers: ["Idempotency-Key: \(key)"])
            }
            let first = try await make("k1", #"{"note":"a"}"#, token)
            let second = try await make("k1", #"{"note":"a"}"#, token)
            #expect(first.status == 202 && second.body == first.body)
            #expect(first.headers["idempotency-replayed"] == nil && second.headers["idempotency-replayed"] == "true")
            #expect(try await make("k1", #"{"note":"b"}"#, token).status == 422)
            #expect(try await make("k2", #"{"note":"a"}"#, token).body != first.body)
            // Another's key is another key.
            let other = try await road.token("rosa", [:], true)
            #expect(try await make("k1", #"{"note":"b"}"#, other).status == 202)
            #expect(try await make(String(repeating: "k", count: 201), "{}", token).status == 400)
            // What failed may be tried again under its key.
            let name = #"{"name":"blog","copies":1,"regions":2}"#
            let bad = try await road.send(.post, "/projects", token, name, headers: ["Idempotency-Key: p"])
            let good = try await road.send(
                .post, "/projects", token, #"{"name":"blog"}"#, headers: ["Idempotency-Key: p"])
            #expect(bad.status == 400 && good.status == 201)
            // A secret that is shown once comes again with its key, and lies nowhere in the clear.
            let made = try await road.send(.post, "/tokens", token, #"{"label":"x"}"#, headers: ["Idempotency-Key: t"])
            let again = try await road.send(.post, "/tokens", token, #"{"label":"x"}"#, headers: ["Idempotency-Key: t"])
            #expect(made.status == 201 && made.body == again.body)
            let secret = try JSONDecoder().decode(NewAccessToken.self, from: Data(made.body)).token.revealed
            for kind in [RecordKind.answer, .token, .audit] {
                for record in try await road.cluster.catalog.records(RecordQuery(kind)) {
                    #expect(!String(decoding: record.body, as: UTF8.self).contains(secret.dropFirst(5)))
                }
            }
        }
    }

    /// The change is made and its answer is lost: whoever asks again is told of the job, and nothing is made twice.
    @Test func aKeyOutlivesALostAnswer() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let create = Command.backupCreate(BackupCreate(environment: cluster.live, wait: false))
            cluster.catalog.inject(.after(HoldfastError(.inputOutput, "the disk")))
            _ = try? await coordinator.commands.perform(create, as: cluster.admin, from: .local, once: "k")
            let jobs = try await cluster.jobs()
            #expect(jobs.count == 1)
            let (result, isRepeated) = try await coordinator.commands.perform(
                create, as: cluster.admin, from: .local, once: "k")
            #expect(isRepeated && result.job == jobs.first?.id)
            #expect(try await cluster.jobs().count == 1)
        }
    }

    @Test func metrics() async throws {
        try await withAPI { road in
            _ = try await road.cluster.backUp(road.coordinator, road.cluster.live)
            let token = try await road.token("otto", [road.cluster.live.project: .viewer])
            let page = try await Curl.get(road.base + "/metrics", "-H", "Authorization: Bearer \(token.revealed)")
            #expect(page.status == 200 && page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(page.text.contains("holdfast_leader 1\n"))
            #expect(page.text.contains(#"holdfast_backup_age_seconds{project="shop",environment="live"}"#))
            #expect(page.text.contains(#"holdfast_node_up{node="one",region="home"}"#))
            // Only what whoever asks may see.
            let stranger = try await road.token("stranger")
            let less = try await Curl.get(road.base + "/metrics", "-H", "Authorization: Bearer \(stranger.revealed)")
            #expect(less.status == 200 && !less.text.contains("shop"))
        }
    }
}

extension APIRoute {
    fileprivate var isTakingAway: Bool { method == .delete || kind == .userDisable }
}

extension CommandResult {
    fileprivate var job: JobID? {
        if case .accepted(let accepted) = self { accepted.job } else { nil }
    }
}
