package import HoldfastModel

/// One call on a `FaultyCatalog`, as faults see it: before it reaches the catalog, and when its answer is on the way.
package struct CatalogStep: Hashable, Sendable {
    package enum Call: Sendable { case takeOffice, commit, read }
    package enum Phase: Sendable { case asked, answered }

    package var call: Call
    package var phase: Phase

    package init(call: Call, phase: Phase) { (self.call, self.phase) = (call, phase) }
}

/// How often calls on a catalog fail: probabilities, each in its own way.
package struct CatalogFaultRates: Hashable, Sendable {
    /// Nothing is applied, and it can't be told from what was applied.
    package var refused = 0.0
    /// A commit is not applied: the disk is full.
    package var noSpace = 0.0
    /// The call is carried out, and its answer lost.
    package var lost = 0.0

    package init(refused: Double = 0, noSpace: Double = 0, lost: Double = 0) {
        (self.refused, self.noSpace, self.lost) = (refused, noSpace, lost)
    }

    /// The error of that step, if it is to have one; errors mean what `Catalog` says of them.
    package func error(at step: CatalogStep, using random: inout some RandomNumberGenerator) -> HoldfastError? {
        let chance = Double.random(in: 0..<1, using: &random)
        switch step.phase {
        case .asked:
            if chance < refused { return HoldfastError(.inputOutput, "The catalog's disk failed (injected)") }
            guard step.call != .read, chance < refused + noSpace else { return nil }
            return HoldfastError(.noSpace, "The catalog's disk is full (injected)")
        case .answered:
            return chance < lost ? HoldfastError(.inputOutput, "The catalog's answer was lost (injected)") : nil
        }
    }
}
