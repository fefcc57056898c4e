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

    mutating func remove(_ kind: ObjectKind, _ name: ObjectName, _ byteCount: Int64) {
        objects -= 1
        bytes -= byteCount
        guard let project = projects.first(where: { $0.value.names(of: kind).contains(name) })?.key else { return }
        projects[project]?.remove(kind, name, byteCount)
    }

    mutating func report(_ text: String) {
        if reports.count < 100 { reports.append(text) }
    }
}

/// What a store has of one project.
struct ProjectInventory: Sendable {
    private(set) var objects: Int64 = 0
    private(set) var bytes: Int64 = 0
    private var names: [ObjectKind: Set<ObjectName>] = [:]

    func names(of kind: ObjectKind) -> Set<ObjectName> { names[kind] ?? [] }

    mutating func add(_ kind: ObjectKind, _ name: ObjectName, _ byteCount: Int64) {
        guard names[kind, default: []].insert(name).inserted else { return }
        objects += 1
        bytes += byteCount
    }

    mutating func remove(_ kind: ObjectKind, _ name: ObjectName, _ byteCount: Int64) {
        guard names[kind]?.remove(name) != nil else { return }
        objects -= 1
        bytes -= byteCount
    }
}
