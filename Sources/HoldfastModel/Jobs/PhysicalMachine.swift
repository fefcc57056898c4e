/// Decides who may be at work on a database or tree, whatever environments call it: no capture while a restore exchanges
/// its content.
///
/// A restore that is about to exchange waits for the captures under way and keeps new ones out. It holds its environment
/// meanwhile, and a capture that has to wait holds nothing, so neither can wait for the other.
package struct PhysicalMachine: Hashable, Sendable {
    /// Nil where what it physically is could not be told: it may be anything.
    private var captures: [JobID: [PhysicalIdentity]?] = [:]
    private var exchanges: [JobID: [PhysicalIdentity]?] = [:]

    package init() {}

    /// Nil when the job may go ahead, else the job it waits for.
    package mutating func capture(_ job: JobID, _ identities: [PhysicalIdentity]?) -> JobID? {
        if let other = Self.obstacle(to: identities, in: exchanges) { return other }
        captures[job] = .some(identities)
        return nil
    }

    /// Nil when the job may go ahead, else the job it waits for; no capture begins that it would have to wait for as well.
    package mutating func exchange(_ job: JobID, _ identities: [PhysicalIdentity]) -> JobID? {
        exchanges[job] = .some(identities)
        return Self.obstacle(to: identities, in: captures)
    }

    package mutating func leave(_ job: JobID) {
        captures.removeValue(forKey: job)
        exchanges.removeValue(forKey: job)
    }

    private static func obstacle(
        to identities: [PhysicalIdentity]?, in others: [JobID: [PhysicalIdentity]?]
    ) -> JobID? {
        others.filter { _, theirs in
            guard let identities, let theirs else { return true }
            return identities.contains { mine in theirs.contains { $0.overlaps(mine) } }
        }.keys.min()
    }
}
