extension Backup {
    /// Whether it does for a scheduled one that is due: one that was scheduled itself, or one that somebody made of all that
    /// the schedule takes. A safety backup does not, because it is kept for a short time only.
    ///
    /// - Parameter services: those that the schedule takes.
    package func isAsDue(for services: [ServiceReference]) -> Bool {
        switch trigger {
        case .scheduled: true
        case .onDemand: Set(services).isSubset(of: self.services)
        case .safety, .upload: false
        }
    }
}

extension [ServiceReference] {
    /// Those of these kinds and these services; all where both are empty, as schedules say it.
    package func chosen(_ kinds: [ServiceKind], _ services: [ServiceReference]) -> [ServiceReference] {
        guard !kinds.isEmpty || !services.isEmpty else { return self }
        return filter { kinds.contains($0.kind) || services.contains($0) }
    }
}
