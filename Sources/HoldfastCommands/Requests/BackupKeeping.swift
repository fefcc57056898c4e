package import HoldfastModel

/// Says when a backup goes, whatever the rules say.
package struct BackupExpire: Hashable, Codable, Sendable {
    package enum When: Hashable, Codable, Sendable {
        case at(Timestamp)
        /// So long after now.
        case after(seconds: Int)
        /// At no date of its own: the rules decide again.
        case never
    }

    package var backup: BackupID
    package var when: When

    package init(backup: BackupID, when: When) {
        self.backup = backup
        self.when = when
    }
}

package struct BackupNote: Hashable, Codable, Sendable {
    package var backup: BackupID
    /// Empty takes the note away.
    package var note: String

    package init(backup: BackupID, note: String) {
        self.backup = backup
        self.note = note
    }
}
