import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Notices as people have them: added by the command line, taken and checked by a program that knows nothing of Holdfast.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct NoticeRoadTests {
    @Test func aWebhookIsToldOfABackupThatFails() async throws {
        try await Cluster.with { cluster in
            let receiver = try ThrowawayReceiver()
            let url = "http://127.0.0.1:\(receiver.port)/hook"
            func add() throws -> HoldfastBinary.Outcome {
                try cluster.holdfast(
                    "notice", "add", "shop", "--webhook-stdin", "--only", "backup-failed", "--json", input: url + "\n")
            }
            try cluster.result("project", "create", "shop")
            // Inside, nobody is told without a word of whoever runs this.
            let refused = try add()
            #expect(refused.status != 0 && refused.errors.contains("privateAddresses"))
            let settings = try FileHandle(
                forWritingTo: cluster.root.appendingPathComponent("data/coordinator.yaml"))
            try settings.seekToEnd()
            try settings.write(contentsOf: Data("\nwebhooks:\n  privateAddresses: true\n".utf8))
            try settings.close()
            cluster.stop()
            try cluster.start()

            let outcome = try add()
            guard outcome.status == 0,
                case .noticeTarget(let added) = try JSONDecoder().decode(
                    CommandResult.self, from: Data(outcome.output.utf8))
            else { throw TestFailure("notice add: \(outcome.errors)") }
            let id = added.detail.id.text
            let tried = try cluster.holdfast("notice", "test", id)
            #expect(tried.output.contains("was taken"))
            #expect(try receiver.next().body.contains(#""type":"test""#))

            // A tree that is not there.
            try cluster.result("environment", "create", "shop/live", "--schedule", "none")
            try cluster.result("service", "set", "shop/live", "media", "--path", cluster.media.path + "/gone")
            #expect(try cluster.holdfast("backup", "create", "shop/live").status != 0)
            let told = try receiver.next()
            let body = try JSONDecoder().decode(WebhookBody.self, from: Data(told.body.utf8))
            #expect(body.type == .backupFailed && body.data.environment?.description == "shop/live")
            let key = try #require(added.key?.revealed)
            #expect(try signature(of: told, key: key) == told.headers["webhook-signature"])

            try cluster.result("notice", "remove", id)
            guard case .noticeTargets(let left) = try cluster.result("notice", "list", "shop") else { return }
            #expect(left.isEmpty)
        }
    }

    /// As another program works it out.
    private func signature(of request: ThrowawayReceiver.Request, key: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import base64, hashlib, hmac, sys
            key, head, body = sys.argv[1:4]
            code = hmac.new(base64.b64decode(key.removeprefix("whsec_")), (head + body).encode(), hashlib.sha256)
            print("v1," + base64.b64encode(code.digest()).decode(), end="")
            """, key, "\(request.headers["webhook-id"] ?? "").\(request.headers["webhook-timestamp"] ?? "").",
            request.body,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        process.waitUntilExit()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
}
