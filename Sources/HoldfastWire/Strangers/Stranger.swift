/// A connection whose peer is not known yet.
package struct Stranger: Sendable {
    let number: UInt64
    let gate: StrangerGate

    var isWithoutTLS: Bool { gate.progress(of: number).map { $0 < .encrypted } ?? false }

    func spoke() { gate.got(number, to: .speaking) }

    func encrypted() { gate.got(number, to: .encrypted) }

    /// The peer is known now, or gone: the connection no longer counts.
    package func leave() { gate.leave(number) }
}
