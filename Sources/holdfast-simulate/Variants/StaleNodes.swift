import HoldfastCoordinator
import HoldfastModel
import HoldfastWire

/// Nodes that, asked again what backups they have, say for a while what they said before.
struct StaleNodes: ConnectedNodes {
    private struct Question: Hashable {
        var node: NodeID
        var project: ProjectID
        var subject: SurveyObjects.Subject
    }

    private struct Answer {
        var reply: SurveyObjects.Reply
        var received: [UInt8]
        var until: Duration
    }

    private final class Answers: @unchecked Sendable {
        // Touched by the executor's one thread.
        var known: [Question: Answer] = [:]
    }

    private static let patience = Duration.seconds(10)

    let nodes: any ConnectedNodes
    private let answers = Answers()

    init(nodes: any ConnectedNodes) { self.nodes = nodes }

    func connected() async -> [NodeID] { await nodes.connected() }
    func changes() async -> AsyncStream<NodeConnections.Change> { await nodes.changes() }
    func link(to node: NodeID) async -> (any AnyObject & Sendable)? { await nodes.link(to: node) }

    func call<M: Message>(
        _ node: NodeID, _ message: M, onEvent: @Sendable (M.Event) async -> Void
    ) async throws -> M.Reply {
        try await nodes.call(node, message, onEvent: onEvent)
    }

    func call<M: Message>(
        _ node: NodeID, _ message: M, bulk: [UInt8]
    ) async throws -> (reply: M.Reply, received: [UInt8]) {
        guard let survey = message as? SurveyObjects, survey.subject != .shards else {
            return try await nodes.call(node, message, bulk: bulk)
        }
        let question = Question(node: node, project: survey.project, subject: survey.subject)
        let now = SeededExecutor.shared.now
        if let answer = answers.known[question], now < answer.until, let reply = answer.reply as? M.Reply {
            return (reply, answer.received)
        }
        let answer = try await nodes.call(node, message, bulk: bulk)
        if let reply = answer.reply as? SurveyObjects.Reply {
            answers.known[question] = Answer(reply: reply, received: answer.received, until: now + Self.patience)
        }
        return answer
    }
}
