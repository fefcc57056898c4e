import HoldfastModel

/// What happened in a run, as lines for people and as a hash that depends on their order.
final class Trace: @unchecked Sendable {
    static let shared = Trace()

    /// Who or what an event is about.
    enum Kind: String {
        case network, catalog, disk, tree, database, process, fault, workload, check, log
    }

    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private(set) var events = 0
    /// Whether lines are printed as they come.
    var isPrinted = false
    func reset() {
        (hash, events) = (0xcbf2_9ce4_8422_2325, 0)
    }

    func note(_ kind: Kind, _ text: @autoclosure () -> String) {
        let text = text()
        mix(kind.rawValue)
        mix(text)
        events += 1
        if isPrinted { print(Self.line(kind, text)) }
    }

    /// Printed, and not part of the hash: what the processes log.
    func remark(_ text: @autoclosure () -> String) {
        if isPrinted { print(Self.line(.log, text())) }
    }

    private func mix(_ text: String) {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let (seconds, attoseconds) = SeededExecutor.shared.now.components
        hash = (hash ^ UInt64(bitPattern: seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)) &* 0x100_0000_01b3
    }

    private static func line(_ kind: Kind, _ text: String) -> String {
        let milliseconds = Int(SeededExecutor.shared.now / .milliseconds(1))
        let (seconds, rest) = (milliseconds / 1000, String(milliseconds % 1000))
        let time = "\(seconds).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
        let name = kind.rawValue
        return String(repeating: " ", count: max(0, 9 - time.count)) + time + "  " + name
            + String(repeating: " ", count: max(1, 9 - name.count)) + text
    }
}
