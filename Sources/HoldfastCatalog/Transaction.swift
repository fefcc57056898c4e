package import HoldfastModel

/// A change to the catalog, as a value: all of it happens, durably, or nothing.
///
/// Expectations are looked at before the first write; writes happen in their order. The drivers (SQLite, memory, later PostgreSQL) apply the same value, so nothing ever holds a connection
/// while it decides.
package struct Transaction: Hashable, Sendable {
    /// The term of office of whoever writes; refused with `deposed` unless it is the catalog's.
    package var epoch: Epoch
    /// What must still be so; else nothing is written, and the transaction fails with `conflict`.
    package var expects: [Expectation]
    package var writes: [Write]

    package init(epoch: Epoch, expects: [Expectation] = [], writes: [Write] = []) {
        self.epoch = epoch
        self.expects = expects
        self.writes = writes
    }
}

package enum Expectation: Hashable, Sendable {
    case absent(RecordKey)
    /// The record exists with this revision.
    case revision(RecordKey, Int64)
}

package enum Write: Hashable, Sendable {
    /// Inserts or replaces; the stored revision becomes one higher than the last one that this key ever had (1 for a new
    /// one). Deleting does not end the count: whoever read the record before it was deleted and put again would take the
    /// new one for the old if revisions began at 1 once more.
    case put(RecordKey, scope: String, group: String = "", order: Int64, body: [UInt8])
    /// Nothing happens where there is no such record.
    case delete(RecordKey)
    /// Adds to the journal of a job; entries get increasing numbers, never used twice.
    case journal(JobID, at: Timestamp, entry: [UInt8])
}
