import Foundation
import HoldfastModel
import HoldfastWire

/// Listens to the control links, and notices a node that carries out the order of a coordinator it knows to be deposed.
final class Wiretap: @unchecked Sendable {
    private struct Stream: Hashable {
        var link: Int
        var stream: StreamID
    }

    private struct Order {
        var name: String
        var epoch: Epoch
        /// What the node had obeyed when the order reached it.
        var known: Epoch
    }

    /// What is read of an order or a registration's reply.
    private struct Body: Decodable {
        struct Order: Decodable { var epoch: Epoch }
        var order: Order?
        var epoch: Epoch?
    }

    // Touched by the executor's one thread.
    private let findings: Findings
    private var orders: [Stream: Order] = [:]
    private var registrations: Set<Stream> = []
    /// By link: the epoch that a node was greeted with, and what it had obeyed before.
    private var greeted: [Int: (epoch: Epoch, known: Epoch)] = [:]
    private var obeyed: [String: Epoch] = [:]

    init(_ findings: Findings) { self.findings = findings }

    /// A frame leaves a node for a coordinator.
    func left(_ node: String, _ frame: Frame, on link: Int) {
        switch frame {
        case .open(let stream, "register-node", _, _): registrations.insert(Stream(link: link, stream: stream))
        // A node reports only after it has obeyed the epoch it was greeted with.
        case .open(_, "heartbeat", _, _):
            guard let greeting = greeted.removeValue(forKey: link) else { return }
            if greeting.epoch < greeting.known {
                findings.report("P4", "\(node) obeys epoch \(greeting.epoch), knowing epoch \(greeting.known)")
            }
            learn(node, greeting.epoch)
        case .reply(let stream, _):
            guard let order = orders.removeValue(forKey: Stream(link: link, stream: stream)) else { return }
            if order.epoch < order.known {
                findings.report(
                    "P4", "\(node) carried out \(order.name) of epoch \(order.epoch), knowing epoch \(order.known)")
            }
            learn(node, order.epoch)
        case .error(let stream, _): orders[Stream(link: link, stream: stream)] = nil
        default: break
        }
    }

    /// A frame of a coordinator reaches a node.
    func reached(_ node: String, _ frame: Frame, on link: Int) {
        switch frame {
        case .open(let stream, let name, let body, _):
            guard let order = Self.read(body)?.order else { return }
            orders[Stream(link: link, stream: stream)] = Order(
                name: name, epoch: order.epoch, known: obeyed[node] ?? Epoch(0))
        case .reply(let stream, let body):
            guard registrations.remove(Stream(link: link, stream: stream)) != nil else { return }
            greeted[link] = Self.read(body)?.epoch.map { ($0, obeyed[node] ?? Epoch(0)) }
        default: break
        }
    }

    private func learn(_ node: String, _ epoch: Epoch) { obeyed[node] = max(epoch, obeyed[node] ?? Epoch(0)) }

    private static func read(_ body: [UInt8]) -> Body? {
        try? JSONDecoder().decode(Body.self, from: Data(body))
    }
}
