/// What somebody may do in a project; each role includes the ones before it.
package enum Role: String, Codable, Comparable, Sendable, CaseIterable {
    case viewer, `operator`, owner

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .owner: 2
        }
    }
}
