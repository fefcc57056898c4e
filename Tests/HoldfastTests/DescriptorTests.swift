import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

/// How many files and connections a server may have open: one that has none left would be ended by Dispatch.
@Suite(.timeLimit(.minutes(5))) struct DescriptorTests {
    private func launcher(_ limit: String) -> [String] {
        ["/bin/sh", "-c", "ulimit \(limit); exec \"$0\" \"$@\"", HoldfastBinary.path]
    }

    @Test func crowdsLeaveEnough() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        // The soft limit is what a shell begins with; the server raises it itself.
        try cluster.start(through: launcher("-Sn 256"))
        do {
            var crowds: [[RawSocket]] = []
            for port in cluster.ports { crowds.append(try await RawSocket.crowd(250, port: port)) }
            #expect(crowds.joined().count { !$0.isClosed } > 300)
            try cluster.until("the server answers in spite of them") {
                try cluster.holdfast("cluster", "status").status == 0
            }
            crowds.removeAll()
            #expect(cluster.server?.isRunning == true)
        } catch {
            Issue.record("\(error)\n\(cluster.logText)")
            throw error
        }
    }

    @Test func tooFewAreRefused() throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        #expect(throws: (any Error).self) { try cluster.start(through: launcher("-n 512")) }
        #expect(cluster.logText.contains("only 512 files and connections"), "\(cluster.logText)")
    }
}
