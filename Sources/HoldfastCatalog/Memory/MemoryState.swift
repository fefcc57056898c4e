import HoldfastModel

/// What a `MemoryCatalog` holds: the transaction's meaning, written as plainly as possible.
struct MemoryState {
    var epoch = Epoch(0)
    var records: [RecordKey: Record] = [:]
    var commitCount = 0
    var faults: [(skipped: Int, fault: MemoryCatalog.Fault)] = []
    /// The last revision of what was deleted.
    private var deleted: [RecordKey: Int64] = [:]
    private var journals: [JobID: [JournalEntry]] = [:]
    private var lastNumber: Int64 = 0

    mutating func takeOffice(above: Epoch) throws(HoldfastError) -> Epoch {
        let highest = max(epoch, above)
        guard highest.number < UInt64(Int64.max) else { throw .implausibleEpoch(highest) }
        epoch = highest.next
        return epoch
    }

    mutating func commit(_ transaction: Transaction) throws(HoldfastError) {
        guard transaction.epoch == epoch else { throw .deposed(writer: transaction.epoch, current: epoch) }
        let fault = nextFault()
        if case .before(let error) = fault { throw error }
        for expectation in transaction.expects { try check(expectation) }
        for write in transaction.writes { apply(write) }
        commitCount += 1
        if case .after(let error) = fault { throw error }
    }

    private mutating func nextFault() -> MemoryCatalog.Fault? {
        guard let (skipped, fault) = faults.first else { return nil }
        guard skipped == 0 else {
            faults[0].skipped -= 1
            return nil
        }
        faults.removeFirst()
        return fault
    }

    private func check(_ expectation: Expectation) throws(HoldfastError) {
        switch expectation {
        case .absent(let key):
            if let found = records[key] { throw .conflict(key, expected: nil, found: found.revision) }
        case .revision(let key, let expected):
            let found = records[key]?.revision
            if found != expected { throw .conflict(key, expected: expected, found: found) }
        }
    }

    private mutating func apply(_ write: Write) {
        switch write {
        case .put(let key, let scope, let group, let order, let body):
            let revision = (records[key]?.revision ?? deleted.removeValue(forKey: key) ?? 0) + 1
            records[key] = Record(
                key: key, revision: revision, scope: scope, group: group, order: order, body: body)
        case .delete(let key):
            if let record = records.removeValue(forKey: key) { deleted[key] = record.revision }
        case .journal(let job, let at, let entry):
            lastNumber += 1
            journals[job, default: []].append(JournalEntry(number: lastNumber, job: job, at: at, entry: entry))
        }
    }

    func records(_ query: RecordQuery) -> [Record] {
        let isByKey = query.scope == nil && query.group == nil
        func precedes(_ left: (Int64, String), _ right: (Int64, String)) -> Bool {
            let ascending = isByKey ? left.1 < right.1 : left < right
            let descending = isByKey ? left.1 > right.1 : left > right
            return query.descending ? descending : ascending
        }
        let matching = records.values.filter { record in
            record.key.kind == query.kind
                && (query.scope.map { $0 == record.scope } ?? true)
                && (query.group.map { $0 == record.group && !$0.isEmpty } ?? true)
                && (query.after.map { precedes(($0.order, $0.key), (record.order, record.key.key)) } ?? true)
        }
        let sorted = matching.sorted { precedes(($0.order, $0.key.key), ($1.order, $1.key.key)) }
        return Array(sorted.prefix(max(0, query.limit)))
    }

    func journal(of job: JobID, after number: Int64, limit: Int) -> [JournalEntry] {
        Array((journals[job] ?? []).lazy.filter { $0.number > number }.prefix(max(0, limit)))
    }
}
