import HoldfastArchive
import HoldfastModel

/// What a store has; found once at start and kept by every change.
struct Inventory: Sendable {
    private(set) var objects: Int64 = 0
    private(set) var bytes: Int64 = 0
    /// An object that does not say whose it is counts above and is in none of these.
    private(set) var projects: [ProjectID: ProjectInventory] = [:]
    /// What was set aside, with where it came from and why; the first hundred.
    private(set) var reports: [String] = []

    mutating func add(_ kind: ObjectKind, _ name: ObjectName, of owner: ObjectOwner?, _ byteCount: Int64) {
        objects += 1
        bytes += byteCount
        guard let owner else { return }
        projects[owner.project, default: ProjectInventory()].add(kind, name, byteCount)
    }

    /// Bytes of a file that is gone are known only from what was counted.
    @discardableResult
    mutating func remove(_ kind: ObjectKind, _ name: ObjectName, _ byteCount: Int64? = nil) -> Bool {
        guard let project = projects.first(where: { $0.value.size(of: kind, name) != nil })?.key else {
            guard let byteCount else { return false }
            objects -= 1
            bytes -= byteCount
            return true
        }
        objects -= 1
        bytes -= projects[project]?.remove(kind, name) ?? 0
        return true
    }

    func contains(_ kind: ObjectKind, _ name: ObjectName) -> Bool {
        projects.contains { $0.value.size(of: kind, name) != nil }
    }

    mutating func report(_ text: String) {
        if reports.count < 100 { reports.append(text) }
    }
}

/// What a store has of one project.
struct ProjectInventory: Sendable {
    private(set) var objects: Int64 = 0
    private(set) var bytes: Int64 = 0
    private var sizes: [ObjectKind: [ObjectName: Int64]] = [:]

    func names(of kind: ObjectKind) -> Set<ObjectName> { Set(sizes[kind, default: [:]].keys) }
    func size(of kind: ObjectKind, _ name: ObjectName) -> Int64? { sizes[kind]?[name] }

    mutating func add(_ kind: ObjectKind, _ name: ObjectName, _ byteCount: Int64) {
        guard sizes[kind, default: [:]].updateValue(byteCount, forKey: name) == nil else { return }
        objects += 1
        bytes += byteCount
    }

    /// - Returns: the bytes that it had.
    mutating func remove(_ kind: ObjectKind, _ name: ObjectName) -> Int64 {
        guard let byteCount = sizes[kind]?.removeValue(forKey: name) else { return 0 }
        objects -= 1
        bytes -= byteCount
        return byteCount
    }
}
