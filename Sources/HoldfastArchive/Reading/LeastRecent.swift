/// A small cache that lets go of what was not used for longest; looking through it is quicker than keeping order.
struct LeastRecent<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var values: [Key: (value: Value, cost: Int, used: UInt64)] = [:]
    private var uses: UInt64 = 0
    private var cost = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func value(_ key: Key) -> Value? {
        guard let found = values[key] else { return nil }
        uses += 1
        values[key]?.used = uses
        return found.value
    }

    mutating func insert(_ key: Key, _ value: Value, cost added: Int) {
        uses += 1
        if let old = values.updateValue((value, added, uses), forKey: key) { cost -= old.cost }
        cost += added
        while cost > limit, values.count > 1, let oldest = values.min(by: { $0.value.used < $1.value.used }) {
            values[oldest.key] = nil
            cost -= oldest.value.cost
        }
    }
}
