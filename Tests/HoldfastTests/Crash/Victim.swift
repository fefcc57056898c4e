/// What a crash takes down.
enum Victim: String, CaseIterable {
    case coordinator, node
    /// Coordinator and node at once; of a one-process cluster, that process.
    case cluster
    /// The database server with every session.
    case postgres
    /// `pg_dump` or `pg_restore`, whichever runs.
    case tool
    /// The machine's power: all of them.
    case everything

    var takesCoordinator: Bool { [.coordinator, .cluster, .everything].contains(self) }
    var takesNode: Bool { [.node, .cluster, .everything].contains(self) }
    var takesPostgres: Bool { [.postgres, .everything].contains(self) }
}
