package import HoldfastModel

/// What a coordinator may be told about its habits; the defaults suit a cluster of a few nodes.
package struct CoordinatorConfiguration: Hashable, Sendable {
    package var softwareVersion: String
    /// How often nodes say that they are alive.
    package var heartbeat = Duration.seconds(5)
    /// How long a node may be silent before it is `suspect`, and before it is `down`.
    package var suspectAfter = Duration.seconds(15)
    package var downAfter = Duration.seconds(45)
    /// The pause before the second attempt of an action; it doubles with each further one.
    package var retryPause = Duration.seconds(2)
    package var retryPauseLimit = Duration.seconds(60)
    /// How many jobs may be at work at the same time.
    package var limits = QueueLimits()
    /// How long work may move no byte before the attempt is given up.
    package var stalledAfter = Duration.seconds(15 * 60)
    /// How often kept content is looked at for the end of its undo window.
    package var janitorPause = Duration.seconds(30)
    /// How often the outbox is looked at when nothing calls for it.
    package var outboxPause = Duration.seconds(60)
    /// How long it stays known what became of a mail.
    package var endedMailKept = Duration.seconds(30 * 24 * 60 * 60)
    /// How often it is looked at what notices tell of: nodes, space, and backups that are overdue.
    package var noticePause = Duration.seconds(60)
    /// How often it is looked which schedules have a run due.
    package var schedulePause = Duration.seconds(10)
    /// How often it is looked at the clock, and whether a new day has begun for retention.
    package var retentionPause = Duration.seconds(60)
    /// The time zone of schedules that name none, and of environments without a schedule.
    package var timeZone = "UTC"
    /// How long nodes hold the objects of a new backup against collection.
    package var holdFor = Duration.seconds(30 * 24 * 60 * 60)
    /// How often projects are looked at for being due to be collected, and how long after the last time they are: usually,
    /// and while a node's space is short.
    package var collectionLook = Duration.seconds(5 * 60)
    package var collectionInterval = Duration.seconds(24 * 60 * 60)
    package var collectionWhenShort = Duration.seconds(60 * 60)
    /// How long a node may be silent before what it holds is copied elsewhere.
    package var giveUpAfter = Duration.seconds(10 * 60)
    /// How often it is looked whether something is to be repaired, how long after a repair that could not do all, and how
    /// long after one that could.
    package var repairLook = Duration.seconds(15)
    package var repairAgain = Duration.seconds(10 * 60)
    package var repairInterval = Duration.seconds(24 * 60 * 60)
    /// How often it is looked whether projects have changed, or nodes have come that lack their records, and after how long
    /// all are compared in any case.
    package var recordLook = Duration.seconds(10)
    package var recordInterval = Duration.seconds(60)
    /// How long no further node comes before a rebuild of the catalog takes it that all are here: nodes dial again within 15
    /// seconds.
    package var adoptionQuiet = Duration.seconds(20)
    /// How long the records of removed backups are kept, for people to look at.
    package var removedKeptFor = Duration.seconds(90 * 24 * 60 * 60)
    /// How many stored bytes of mostly dead shards one collection copies.
    package var rewriteByteLimit: Int64 = 1 << 30
    /// How long the copies are held before lists name them.
    package var rewriteHoldFor = Duration.seconds(60 * 60)
    /// What links begin with, as people outside reach this cluster: `https://backup.example.org`. Nil where no links are
    /// served.
    package var publicURL: String?

    /// How long a session lasts that nobody uses, and how long at most.
    package var sessionIdleTime = Duration.seconds(12 * 60 * 60)
    package var sessionLifetime = Duration.seconds(14 * 24 * 60 * 60)
    /// How long it stays known who changed what.
    package var auditKept = Duration.seconds(400 * 24 * 60 * 60)
    /// The price of hashing a password.
    package var passwordCost = ScryptCost.usual
    /// How many may wait for a password to be looked at.
    package var passwordLimits = PasswordQueue.Limits()

    package init(softwareVersion: String) {
        self.softwareVersion = softwareVersion
    }

    func pause(beforeAttempt attempt: Int) -> Duration {
        min(retryPause * (1 << min(max(attempt - 2, 0), 10)), retryPauseLimit)
    }
}
