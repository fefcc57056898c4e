import Foundation
import HoldfastModel
import HoldfastTestKit
import Testing

/// A server that has no file descriptor left goes on when there are some again.
@Suite(.timeLimit(.minutes(2))) struct DescriptorTests {
    @Test func outOfDescriptorsIsNoEnd() async throws {
        let cluster = try Cluster()
        defer { cluster.remove() }
        try cluster.start(through: ["/bin/sh", "-c", "ulimit -n 96; exec \"$0\" \"$@\"", HoldfastBinary.path])
        do {
            for port in cluster.ports {
                var crowd = try await RawSocket.crowd(150, port: port)
                // No strangers' limit is reached with so few descriptors: the server can accept no more of them.
                #expect(crowd.count { !$0.isClosed } > 50)
                crowd.removeAll()
                try cluster.until("the server answers again") {
                    try cluster.holdfast("cluster", "status").status == 0
                }
            }
            #expect(cluster.server?.isRunning == true)
        } catch {
            Issue.record("\(error)\n\(cluster.logText)")
            throw error
        }
    }
}
