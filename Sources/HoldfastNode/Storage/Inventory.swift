/// How much a store has; counted once at start and kept by every change.
struct Inventory: Sendable {
    private(set) var objects: Int64 = 0
    private(set) var bytes: Int64 = 0
    /// What was set aside, with where it came from and why; the first hundred.
    private(set) var reports: [String] = []

    mutating func add(_ byteCount: Int64) {
        objects += 1
        bytes += byteCount
    }

    mutating func subtract(_ byteCount: Int64) {
        objects -= 1
        bytes -= byteCount
    }

    mutating func report(_ text: String) {
        if reports.count < 100 { reports.append(text) }
    }
}
