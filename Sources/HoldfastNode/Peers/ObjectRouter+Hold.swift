import HoldfastArchive
package import HoldfastModel
import HoldfastWire

extension ObjectRouter {
    package enum HoldResult: Sendable {
        case held(Receipt)
        /// These must be stored again.
        case refused([ObjectName])
    }

    /// Protects the objects from collection on as many nodes as the policy asks: those that should hold them, or where these
    /// lack them, as after a change of the layout, others that have them. Where too few have an object, it is copied.
    ///
    /// - Returns: the receipt, or the objects that too few nodes can hold.
    package func hold(
        _ objects: [ObjectName], for backup: BackupID, until: Timestamp, lockedUntil: Timestamp? = nil
    ) async throws -> HoldResult {
        let all = Set(objects).sorted()
        var holding = Holding(backup: backup, until: until, lockedUntil: lockedUntil)
        try await holding.ask(self, all) { placement.holders(of: $0) }
        try await holding.ask(self, unmet(all, holding)) { name in
            placement.ranking(of: name).filter { terms.policy.allows($0.region) && !absences.contains($0.node) }
        }
        let unmet = unmet(all, holding)
        if !unmet.isEmpty {
            for name in unmet { try await copyToHolders(name, holding) }
            holding.forgetRefusals(of: unmet)
            try await holding.ask(self, unmet) { placement.holders(of: $0) }
        }
        var (degraded, refused): (Int, [ObjectName]) = (0, [])
        for name in all {
            switch terms.policy.standing(of: holding.regions(of: name)) {
            case .met: break
            // Storing it again would not help: everybody who is here has it.
            case .short where !holding.isRefused(name): throw shortage(of: "object \(name)")
            // What is refused by some who could hold it may have the copies that it needs when it is stored again.
            case .degraded where !holding.isRefused(name): degraded += 1
            case .degraded, .short: refused.append(name)
            }
        }
        guard refused.isEmpty else { return .refused(refused) }
        return .held(
            Receipt(
                layout: terms.layout.number, heldUntil: until, objects: all.count, holdings: holding.holdings,
                degradedObjects: degraded == 0 ? nil : degraded, lockedUntil: lockedUntil))
    }

    private func unmet(_ objects: [ObjectName], _ holding: Holding) -> [ObjectName] {
        objects.filter { terms.policy.standing(of: holding.regions(of: $0)) != .met }
    }

    /// Stores the object where it should be and is not, from a copy that is held. What can't be read stays as it is.
    private func copyToHolders(_ name: ObjectName, _ holding: Holding) async throws {
        let sources = holding.members(of: name)
        let targets = placement.holders(of: name).filter { !sources.contains($0) }
        guard !sources.isEmpty, !targets.isEmpty, let (kind, bytes) = try await goodCopy(name, of: sources) else {
            return
        }
        for target in targets {
            do {
                try await put(kind, name, bytes: bytes, to: target)
            } catch {
                try Task.checkCancellation()
                let error = HoldfastError(error)
                guard absences.note(error, of: target.node) || error.code == .corrupt else { throw error }
            }
        }
    }

    private func goodCopy(
        _ name: ObjectName, of members: [Layout.Member]
    ) async throws -> (kind: ObjectKind, bytes: [UInt8])? {
        for member in members {
            for kind in ObjectKind.allCases {
                do {
                    let bytes = try await read(kind, name, offset: 0, length: nil, from: member)
                    if ObjectCheck.name(of: bytes) == name { return (kind, bytes) }
                } catch {
                    try Task.checkCancellation()
                    _ = absences.note(HoldfastError(error), of: member.node)
                }
            }
        }
        return nil
    }

    fileprivate func hold(
        _ objects: [ObjectName], for backup: BackupID, until: Timestamp, lockedUntil: Timestamp?,
        at member: Layout.Member
    ) async throws -> ObjectStore.HoldOutcome {
        let layout = terms.layout.number
        if member.node == store.node {
            return try await store.hold(
                backup, project: project, objects: objects, until: until, lockedUntil: lockedUntil, layout: layout)
        }
        let message = HoldObjects(
            backup: backup, project: project, until: until, layout: layout, lockedUntil: lockedUntil)
        let answer = try await peers.hold(message, objects: objects, at: member)
        return ObjectStore.HoldOutcome(
            objects: answer.reply.objects, bytes: answer.reply.bytes, refused: answer.refused)
    }
}

/// Who holds what of a backup, as it becomes known.
private struct Holding {
    let backup: BackupID
    let until: Timestamp
    let lockedUntil: Timestamp?
    private var holders: [ObjectName: [Layout.Member]] = [:]
    private var refusals: [ObjectName: Set<NodeID>] = [:]
    private var shares: [NodeID: Receipt.Holding] = [:]

    init(backup: BackupID, until: Timestamp, lockedUntil: Timestamp?) {
        (self.backup, self.until, self.lockedUntil) = (backup, until, lockedUntil)
    }

    func members(of name: ObjectName) -> [Layout.Member] { holders[name] ?? [] }
    func regions(of name: ObjectName) -> [Name] { members(of: name).map(\.region) }
    func isRefused(_ name: ObjectName) -> Bool { !(refusals[name] ?? []).isEmpty }

    var holdings: [Receipt.Holding] { shares.values.filter { $0.objects > 0 }.sorted { $0.node < $1.node } }

    mutating func forgetRefusals(of objects: [ObjectName]) { for name in objects { refusals[name] = nil } }

    /// Has those hold each object who are named for it and were not asked before, until nobody is left to ask: others are
    /// named once some are found away.
    mutating func ask(
        _ router: ObjectRouter, _ objects: [ObjectName], who: (ObjectName) -> [Layout.Member]
    ) async throws {
        while true {
            var asked: [NodeID: (member: Layout.Member, objects: [ObjectName])] = [:]
            for name in objects {
                let known = Set(members(of: name).map(\.node)).union(refusals[name] ?? [])
                for member in who(name) where !known.contains(member.node) {
                    asked[member.node, default: (member, [])].objects.append(name)
                }
            }
            guard !asked.isEmpty else { return }
            for (member, objects) in asked.values.sorted(by: { $0.member.node < $1.member.node })
            where !router.absences.contains(member.node) {
                try await ask(router, objects, of: member)
            }
        }
    }

    private mutating func ask(_ router: ObjectRouter, _ objects: [ObjectName], of member: Layout.Member) async throws {
        let outcome: ObjectStore.HoldOutcome
        do {
            outcome = try await router.hold(
                objects, for: backup, until: until, lockedUntil: lockedUntil, at: member)
        } catch {
            try Task.checkCancellation()
            let error = HoldfastError(error)
            guard router.absences.note(error, of: member.node) else { throw error }
            return
        }
        guard outcome.objects == objects.count - outcome.refused.count else {
            throw HoldfastError(
                .internal, "Node \(member.node) answered for other objects than it was asked to hold")
        }
        let refused = Set(outcome.refused)
        for name in objects {
            if refused.contains(name) {
                refusals[name, default: []].insert(member.node)
            } else {
                holders[name, default: []].append(member)
            }
        }
        var share =
            shares[member.node] ?? Receipt.Holding(node: member.node, region: member.region, objects: 0, bytes: 0)
        share.objects += outcome.objects
        share.bytes += outcome.bytes
        shares[member.node] = share
    }
}
