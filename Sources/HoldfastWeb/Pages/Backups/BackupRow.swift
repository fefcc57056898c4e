import HoldfastCommands
import HoldfastModel

/// A backup in a list, with what whoever looks may do with it.
struct BackupRow {
    struct Part {
        let title: String
        let size: String
    }

    let id: String
    let environment: String
    let when: Moment
    let note: String?
    let parts: [Part]
    let state: Badge
    let label: String?
    let isPinned: Bool
    let failure: String?
    let why: String
    let until: String
    let form: String
    let mayRestore: Bool
    let mayPin: Bool
    let mayUnpin: Bool
    let mayNote: Bool
    let mayExpire: Bool
    let mayCancel: Bool
    let mayDelete: Bool
    let mayUndelete: Bool
    let hasMenu: Bool

    init(_ backup: Backup, _ verdict: RetentionVerdict?, _ visit: Visit) {
        let operates = visit.principal.has(.operator, in: backup.environment.project) && !visit.principal.isReadOnly
        let owns = visit.principal.has(.owner, in: backup.environment.project) && !visit.principal.isReadOnly
        let (isComplete, isDeleted) = (backup.state == .complete, backup.state == .deleted)
        id = backup.id.text
        environment = backup.environment.environment.text
        when = Moment(backup.createdAt, visit.now)
        note = backup.note
        let sizes = Dictionary(backup.parts.map { ($0.service, $0.sizes.logicalBytes) }) { first, _ in first }
        parts = backup.services.map { service in
            Part(title: Words.service(service), size: sizes[service].map(HumanText.size) ?? "")
        }
        state = backup.removedAt == nil ? Words.badge(backup.state) : Badge("Removed", "")
        label = Words.labels(backup)
        isPinned = backup.pinnedAt != nil
        failure = backup.failure.map { PageWording.text($0.message) }
        (why, until) = verdict.map(Words.kept) ?? ("", "")
        form = visit.known.formToken.revealed
        mayRestore = operates && isComplete
        mayPin = operates && isComplete && backup.pinnedAt == nil
        mayUnpin = operates && isComplete && backup.pinnedAt != nil
        mayNote = operates && !isDeleted
        mayExpire = owns && isComplete
        mayCancel = operates && backup.state == .running
        mayDelete = owns && !isDeleted && backup.state != .running
        mayUndelete = operates && backup.canBeTakenBack(at: visit.now)
        hasMenu = mayRestore || mayPin || mayUnpin || mayNote || mayExpire || mayCancel || mayDelete || mayUndelete
    }
}
