import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// The whole road with secrets that can be told from anything else, at the most verbose level: afterwards each is found in
/// the files that are meant to hold it, which nobody else may read, and nowhere else in any common spelling.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct SecretsTests {
    @Test func nothingShowsThem() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        var outputs: [String] = []
        func run(_ arguments: [String], input: String? = nil) throws -> HoldfastBinary.Outcome {
            let outcome = try HoldfastBinary.run(arguments, environment: cluster.client, input: input)
            outputs += [outcome.output, outcome.errors]
            return outcome
        }
        let root = cluster.root.path
        let (data, node) = (root + "/data", root + "/node")
        let verbose = ["HOLDFAST_LOG": "trace", "TMPDIR": root + "/tmp"]
        try FileManager.default.createDirectory(atPath: root + "/tmp", withIntermediateDirectories: true)
        #expect(
            try run([
                "cluster", "init", "--data", data, "--listen", "127.0.0.1:\(cluster.ports[0])", "--console",
                "127.0.0.1:\(cluster.ports[1])",
            ]).status == 0)
        // Shown once, to whoever makes the cluster, and nowhere else.
        let word = try #require(outputs[0].split(separator: "with the password ").last?.prefix { !$0.isWhitespace })
        let first = String(word)
        #expect(first.count == 23)
        outputs[0] = outputs[0].replacingOccurrences(of: first, with: "")
        let http = "http://127.0.0.1:\(cluster.ports[2])"
        let settings = try FileHandle(forWritingTo: URL(fileURLWithPath: data + "/coordinator.yaml"))
        try settings.seekToEnd()
        try settings.write(contentsOf: Data("\nhttp:\n  listen: 127.0.0.1:\(cluster.ports[2])\n".utf8))
        try settings.close()
        let coordinator = try ServerProcess(
            ["coordinator", "--config", data + "/coordinator.yaml"],
            log: cluster.root.appendingPathComponent("coordinator.log"), environment: verbose)
        defer { coordinator.stop() }
        try cluster.until("the coordinator answers") { try cluster.holdfast("cluster", "status").status == 0 }

        var secrets = Secrets()
        secrets.add("the first administrator's password", first, in: [])
        // What a person sees of this command is the token, and meant to be.
        guard case .token(let token) = try cluster.result("node", "token") else { throw TestFailure("no token") }
        secrets.add("the join token", token.token.revealed, in: [root + "/token"])
        try Data((token.token.revealed + "\n").utf8).write(to: URL(fileURLWithPath: root + "/token"))
        chmod(root + "/token", 0o600)
        #expect(
            try run([
                "node", "join", "--token-file", root + "/token", "--coordinator", "127.0.0.1:\(cluster.ports[0])",
                "--data", node, "--name", "first", "--region", "here", "--listen", "127.0.0.1:\(freePort())",
                "--media-root", cluster.media.path, "--database-host", "127.0.0.1", "--reserve", "64MiB",
            ]).status == 0)
        let worker = try ServerProcess(
            ["node", "--config", node + "/node.yaml"], log: cluster.root.appendingPathComponent("node.log"),
            environment: verbose)
        defer { worker.stop() }
        try cluster.until("the node is up") {
            guard case .nodes(let nodes) = try cluster.result("node", "list") else { return false }
            return nodes.map(\.state) == [.up]
        }

        // The road, with passwords that no shell, URL or file would write as they are.
        let shop = try await Shop.open(on: cluster, rows: 20_000)
        let password = "Z0rb:\\ax %7e'\"&?#/" + shop.role
        let wrong = "Wr0ng:" + shop.role
        try await shop.postgres.sql(
            "ALTER ROLE \(shop.role) PASSWORD '\(password.replacingOccurrences(of: "'", with: "''"))'")
        secrets.add("the database's password", password, in: [])
        secrets.add("a wrong password", wrong, in: [])
        secrets.add("a password typed first", "hush-\(shop.role)", in: [])
        try secrets.add("the cluster key", file: data + "/cluster.key")
        try secrets.add("the authority's key", file: data + "/ca-key.pem")
        try secrets.add("the coordinator's key", file: data + "/coordinator-key.pem")
        let client = try JSONDecoder().decode(
            [String: String].self, from: Data(contentsOf: URL(fileURLWithPath: data + "/client.json")))
        let header = root + "/header"
        secrets.add("the administrator's token", try #require(client["token"]), in: [data + "/client.json", header])
        for part in try Secrets.keys(inside: node + "/membership.json") {
            secrets.add("the node's key", part, in: [node + "/membership.json"])
        }

        let watch = ProcessWatch()
        watch.start()
        defer { watch.stop() }

        // By HTTP: a password that somebody chose, a token that is answered under a key, and one that is nobody's.
        func write(_ text: String, _ file: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            chmod(file, 0o600)
        }
        let (chosen, body, unknown) = ("Ch0sen \\\"é/" + shop.role, root + "/body", "hfat_n0body\(shop.role)")
        secrets.add("a chosen password", chosen, in: [body])
        secrets.add("nobody's token", unknown, in: [root + "/unknown"])
        try write("Authorization: Bearer \(client["token"] ?? "")", header)
        try write("Authorization: Bearer \(unknown)", root + "/unknown")
        try write(
            String(decoding: JSONEncoder().encode(["name": "vera", "password": chosen]), as: UTF8.self), body)
        let json = ["-H", "Content-Type: application/json"]
        let api = http + "/api/v1"
        #expect(try await Curl.get(api + "/users", "-H", "@\(root)/unknown").status == 401)
        for status in [201, 409] {
            let made = try await Curl.get(api + "/users", ["-H", "@" + header, "--data-binary", "@" + body] + json)
            #expect(made.status == status && !made.text.contains("Ch0sen"))
        }
        let made = try await Curl.get(
            api + "/tokens",
            ["-H", "@" + header, "-H", "Idempotency-Key: k", "--data-binary", #"{"label":"x"}"#] + json)
        let answered = try JSONDecoder().decode(NewAccessToken.self, from: Data(made.body))
        secrets.add("an answered token", answered.token.revealed, in: [])
        let hook = "https://hooks.invalid/w0rd-\(shop.role)"
        secrets.add("a webhook's address", "w0rd-\(shop.role)", in: [])
        let added = try HoldfastBinary.run(
            ["notice", "add", "shop", "--webhook-stdin", "--json"], environment: cluster.client, input: hook + "\n")
        guard
            case .noticeTarget(let receiver) = try JSONDecoder().decode(
                CommandResult.self, from: Data(added.output.utf8))
        else { throw TestFailure("notice add: \(added.errors)\(added.output)") }
        secrets.add("a webhook's key", try #require(receiver.key?.revealed), in: [])
        let tried = try run(["notice", "test", receiver.detail.id.text])
        #expect(tried.output.contains("hooks.invalid"))
        func set(_ environment: String, _ database: String, _ password: String) throws {
            let encoded = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let url = shop.url(database, password: encoded)
            #expect(
                try run(["service", "set", environment, "database", "--url-stdin"], input: url + "\n").status == 0)
        }
        try set("shop/live", shop.liveDatabase, wrong)
        #expect(try run(["environment", "check", "shop/live"]).status != 0)
        #expect(try run(["backup", "create", "shop/live"]).status != 0)
        try set("shop/live", shop.liveDatabase, password)
        try set("shop/test", shop.testDatabase, password)
        // A password that can't be parsed out of its string must not come back in the message either.
        let broken = "postgresql://me:\(wrong)@[broken/\(shop.liveDatabase)"
        #expect(
            try run(["service", "set", "shop/live", "database", "--url-stdin"], input: broken + "\n").status != 0)
        let live = try await shop.content("shop/live")
        let outcome = try run(["backup", "create", "shop/live", "--json"])
        guard outcome.status == 0,
            case .backup(let detail) = try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
        else { throw TestFailure("backup create: \(outcome.errors)\(outcome.output)") }
        let id = detail.backup.id.text
        #expect(try run(["backup", "verify", id]).status == 0)
        #expect(try run(["restore", "start", id, "--to", "shop/test", "--yes"]).status == 0)
        #expect(try await shop.content("shop/test") == live)
        for command in [
            ["environment", "show", "shop/live"], ["environment", "show", "shop/live", "--json"],
            ["project", "show", "shop", "--json"], ["job", "list", "--all", "--json"], ["backup", "show", id],
            ["job", "show", detail.backup.job.text, "--json"], ["cluster", "status", "--json"],
        ] { #expect(try run(command).status == 0, "\(command)") }
        watch.stop()
        #expect(watch.seen("pg_dump") && watch.seen("pg_restore"), "the tools were looked at while they ran")

        // Stopped in good order and by force, so that what only an orderly end removes is found too.
        worker.kill()
        coordinator.stop()
        var places = outputs.enumerated().map { ("output of command \($0.offset / 2)", Data($0.element.utf8)) }
        places += watch.places
        #expect(watch.places.count > 10)
        for (place, bytes) in places {
            for found in secrets.found(in: bytes) { Issue.record("\(found) is in the \(place)") }
        }
        var files = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            let file = root + "/" + path
            guard let bytes = FileManager.default.contents(atPath: file) else { continue }
            files += 1
            for found in secrets.found(in: bytes, except: file) { Issue.record("\(found) is in \(path)") }
        }
        #expect(files > 20)
        for file in secrets.homes {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(file)")
        }
    }
}
