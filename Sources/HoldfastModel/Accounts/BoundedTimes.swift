/// Times by name. When there are too many, the half that matters least goes: what is earliest.
struct BoundedTimes: Sendable {
    private let capacity: Int
    private var times: [String: Duration] = [:]

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { times.count }

    subscript(name: String) -> Duration? {
        get { times[name] }
        set {
            if newValue != nil, times[name] == nil, times.count >= capacity {
                let latest = times.sorted { ($0.value, $0.key) > ($1.value, $1.key) }.prefix(capacity / 2)
                times = Dictionary(uniqueKeysWithValues: latest.map { ($0.key, $0.value) })
            }
            times[name] = newValue
        }
    }
}
