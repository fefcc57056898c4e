package import HoldfastModel

/// What a record is: one kind per type the catalog keeps. The names are stored; they never change.
package enum RecordKind: String, Sendable, CaseIterable {
    case project, environment, backup, job, claim, node, token, setting, mail, schedule, download
    case user, session, audit, answer, notice, delivery
}

/// Names one record: its kind, and a key unique within the kind.
package struct RecordKey: Hashable, Comparable, Sendable {
    package var kind: RecordKind
    package var key: String

    package init(_ kind: RecordKind, _ key: String) {
        self.kind = kind
        self.key = key
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.kind.rawValue, left.key) < (right.kind.rawValue, right.key)
    }
}

/// A record as it was read.
package struct Record: Hashable, Sendable {
    package var key: RecordKey
    package var revision: Int64
    /// What records of this kind are listed by: the environment of a backup, `open` or `ended` for a job.
    package var scope: String
    /// A second list that the record is on, such as the environment of a job; empty for none.
    package var group: String
    /// Their order within the scope and within the group, such as a time in milliseconds.
    package var order: Int64
    package var body: [UInt8] {
        didSet { decoded = DecodedBody() }
    }
    private(set) var decoded = DecodedBody()

    package init(key: RecordKey, revision: Int64, scope: String, group: String = "", order: Int64, body: [UInt8]) {
        self.key = key
        self.revision = revision
        self.scope = scope
        self.group = group
        self.order = order
        self.body = body
    }
}

/// A page of records of one kind.
package struct RecordQuery: Hashable, Sendable {
    package var kind: RecordKind
    /// Nil for every scope. With neither scope nor group records come by key, otherwise by `order`, then key.
    package var scope: String?
    /// Nil for every group; no record is in the empty one.
    package var group: String?
    package var descending = false
    package var limit: Int
    /// Continue after this record: its order and key. (Only the key counts where records come by key.)
    package var after: Cursor?

    package struct Cursor: Hashable, Sendable {
        package var order: Int64
        package var key: String

        package init(order: Int64, key: String) {
            self.order = order
            self.key = key
        }
    }

    package init(
        _ kind: RecordKind, scope: String? = nil, group: String? = nil, descending: Bool = false, limit: Int = 1000,
        after: Cursor? = nil
    ) {
        self.kind = kind
        self.scope = scope
        self.group = group
        self.descending = descending
        self.limit = limit
        self.after = after
    }
}

/// One step of a job, as it was journalled before it was taken.
package struct JournalEntry: Hashable, Sendable {
    package var number: Int64
    package var job: JobID
    package var at: Timestamp
    package var entry: [UInt8]

    package init(number: Int64, job: JobID, at: Timestamp, entry: [UInt8]) {
        self.number = number
        self.job = job
        self.at = at
        self.entry = entry
    }
}
