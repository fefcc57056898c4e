import Foundation
import HoldfastCommands
import HoldfastModel
import Testing

/// The cluster gets another key. With the real program.
@Suite(.timeLimit(.minutes(5))) struct RotateKeyRoadTests {
    @Test func theEarlierKeyIsNeededForNothing() async throws {
        try await Cluster.with { cluster in
            let backup = try cluster.makeMediaShop().backup
            let data = cluster.root.path + "/data"
            let first = try recoveryFile(data)
            cluster.stop()
            let before = try keys(data)

            #expect(try rotate(data).output.contains("Start the coordinator again"))
            let both = try keys(data)
            #expect(both.count == 2 && both.last == before.first && both.first != before.first)
            try cluster.start()
            try cluster.until("everything is sealed anew") {
                cluster.logText.contains("secrets of the catalog are sealed with cluster key")
            }
            cluster.stop()
            #expect(try rotate(data, "--finish").status == 0)
            #expect(try keys(data) == [both[0]])
            #expect(try rotate(data, "--finish").status != 0)
            try cluster.start()
            let restored = try cluster.result("restore", "start", backup.id.text, "--to", "shop/live", "--yes")
            guard case .restore(let detail) = restored else { throw TestFailure("no restore") }
            #expect(detail.status == .succeeded)
            #expect(try recoveryFile(data) != first)
            cluster.stop()

            // The earlier key alone is not this catalog's any more, and that is said.
            let file = data + "/cluster.key"
            try Data((before[0] + "\n").utf8).write(to: URL(fileURLWithPath: file))
            #expect(throws: TestFailure.self) { try cluster.start() }
            #expect(cluster.logText.contains("The cluster key is not the one of this catalog"))
            try Data((both[0] + "\n").utf8).write(to: URL(fileURLWithPath: file))
            try cluster.start()
        }
    }

    private func rotate(_ data: String, _ arguments: String...) throws -> HoldfastBinary.Outcome {
        try HoldfastBinary.run(["cluster", "rotate-key", "--data", data] + arguments)
    }

    private func keys(_ data: String) throws -> [String] {
        try String(contentsOfFile: data + "/cluster.key", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private func recoveryFile(_ data: String) throws -> String {
        let outcome = try HoldfastBinary.run(["cluster", "recovery-file", "--data", data])
        guard outcome.status == 0 else { throw TestFailure(outcome.errors) }
        return outcome.output
    }
}
