import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

private let hasBrowser = ["/usr/bin/chromium", "/usr/bin/chromedriver", "/usr/bin/python3"]
    .allSatisfy(FileManager.default.isExecutableFile)

/// The web console in a real browser, through every path of the page that tells users how to use it.
@Suite(
    .serialized,
    .enabled(if: ThrowawayPostgres.isAvailable && ThrowawayMailServer.isAvailable && hasBrowser),
    .timeLimit(.minutes(10)))
struct BrowserTests {
    /// `HOLDFAST_SCREENSHOTS=DIRECTORY` keeps what it looked like, at two widths, light and dark.
    @Test func howTo() async throws {
        let mail = try ThrowawayMailServer()
        try await Cluster.with { cluster in
            let password = try firstPassword(of: cluster)
            try sendMail(of: cluster, to: mail)
            let shop = try await Shop.open(on: cluster)
            let (live, before) = (try await shop.content("shop/live"), try await shop.content("shop/test"))
            try cluster.result("schedule", "set", "shop/live", "--preset", "daily")
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Browser/how_to.py").path
            let screenshots = ProcessInfo.processInfo.environment["HOLDFAST_SCREENSHOTS"].map { [$0] } ?? []
            let walk = try HoldfastBinary.run(
                [script, "http://127.0.0.1:\(cluster.ports[2])", "admin", password] + screenshots,
                of: "/usr/bin/python3")
            try #require(walk.status == 0, "\(walk.output)\(walk.errors)")
            #expect(try await shop.content("shop/live") == live)
            #expect(try await shop.content("shop/test") == before, "after the undo")
            let links = walk.output.split(separator: "\n").filter { $0.hasPrefix("link ") }.map { $0.dropFirst(5) }
            #expect(links.count == 2)
            let letter = try #require(mail.nextMail().text)
            for link in links { #expect(letter.contains(link)) }
        }
    }

    /// Shown once, as the cluster is made.
    private func firstPassword(of cluster: Cluster) throws -> String {
        let said = cluster.logText.components(separatedBy: "with the password ")
        #expect(said.count == 2)
        return String(try #require(said.last?.split(whereSeparator: \.isWhitespace).first).dropLast())
    }

    /// Its settings are read at its start.
    private func sendMail(of cluster: Cluster, to server: ThrowawayMailServer) throws {
        cluster.stop()
        let settings = cluster.root.appendingPathComponent("data/coordinator.yaml")
        let text = try String(contentsOf: settings, encoding: .utf8)
        let mail = """

            mail:
              host: 127.0.0.1
              port: \(server.port)
              security: none
              from: backups@example.org

            """
        try (text + mail).write(to: settings, atomically: true, encoding: .utf8)
        try cluster.start()
    }
}
