import HoldfastCatalog
import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    func pinBackup(_ id: BackupID, _ principal: Principal) async throws -> CommandResult {
        try await change(id, "pinned, by \(principal.name)") { backup in
            try Self.requireThere(backup)
            backup.pinnedAt = backup.pinnedAt ?? office.now
            return "Backup \(id) is pinned: it is kept until it is unpinned or deleted"
        }
    }

    func unpinBackup(_ id: BackupID, _ principal: Principal) async throws -> CommandResult {
        try await change(id, "unpinned, by \(principal.name)") { backup in
            try Self.requireThere(backup)
            guard backup.pinnedAt != nil else { return "Backup \(id) was not pinned" }
            backup.pinnedAt = nil
            return "Backup \(id) is not pinned any more: the rules decide about it again"
        }
    }

    func expireBackup(_ expire: BackupExpire, _ principal: Principal) async throws -> CommandResult {
        let id = expire.backup
        var date: Timestamp?
        switch expire.when {
        case .at(let time): date = time
        case .after(let seconds): date = office.now.advanced(by: .seconds(seconds))
        case .never: break
        }
        if let date, date <= office.now {
            throw HoldfastError(
                .invalidArgument, "\(date.plain) UTC is past: write a time to come, or `holdfast backup delete \(id)`")
        }
        let text = date.map { "goes at \($0.plain) UTC" } ?? "has no date of its own any more"
        return try await change(id, "\(text), by \(principal.name)") { backup in
            try Self.requireThere(backup)
            backup.expiresAt = date
            let pin = backup.pinnedAt == nil ? "" : ", as soon as it is unpinned"
            return "Backup \(id) \(text)\(date == nil ? ": the rules decide about it" : pin)"
        }
    }

    func noteBackup(_ note: BackupNote, _ principal: Principal) async throws -> CommandResult {
        guard note.note.utf8.count <= Self.noteLimit else {
            throw HoldfastError(.tooLarge, "The note is longer than \(Self.noteLimit) bytes")
        }
        return try await change(note.backup, "note changed, by \(principal.name)") { backup in
            backup.note = note.note.isEmpty ? nil : note.note
            return "The note of backup \(note.backup) was \(note.note.isEmpty ? "taken away" : "changed")"
        }
    }

    /// One that the rules let go is pinned, or they would do so again.
    func undeleteBackup(_ id: BackupID, _ principal: Principal) async throws -> CommandResult {
        try await change(id, "taken back, by \(principal.name)") { backup in
            let wentByRule = backup.deletionReason?.hasPrefix("by rule") ?? false
            try backup.takeBack(at: office.now)
            guard wentByRule else { return "Backup \(id) is back" }
            backup.pinnedAt = office.now
            return "Backup \(id) is back, and pinned: the rules would let it go again"
        }
    }

    // MARK: parts

    private static func requireThere(_ backup: Backup) throws {
        guard backup.state != .deleted else {
            throw HoldfastError(
                .conflict, "Backup \(backup.id) is deleted; `holdfast backup undelete \(backup.id)` takes it back")
        }
    }

    private func change(
        _ id: BackupID, _ text: String, _ body: (inout Backup) throws -> String
    ) async throws -> CommandResult {
        let stored = try await backup(id)
        var backup = stored.value
        let sentence = try body(&backup)
        guard backup != stored.value else { return .done(sentence) }
        var changes = Changes()
        try changes.put(backup, over: stored)
        changes.writes.append(.journal(backup.job, at: office.now, entry: JournalText("backup: \(text)").entry))
        try await office.ledger.commit(changes)
        office.reviews.ask(for: backup.environment)
        return .done(sentence)
    }
}
