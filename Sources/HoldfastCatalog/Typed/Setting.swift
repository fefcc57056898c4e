import HoldfastModel

/// Something of which the cluster has one, such as its layout.
package struct Setting<Value: Codable & Sendable>: CatalogRecord {
    package var version = 1
    package var name: SettingName
    package var value: Value

    package init(_ name: SettingName, _ value: Value) {
        self.name = name
        self.value = value
    }

    package static var recordKind: RecordKind { .setting }
    package var catalogKey: SettingName { name }
}

extension Setting: Equatable where Value: Equatable {}
extension Setting: Hashable where Value: Hashable {}

/// The settings there are. The names are stored; they never change.
package enum SettingName: String, Codable, Sendable, CaseIterable, CustomStringConvertible {
    case layout
    /// The placement policies that projects go by.
    case policies
    /// The number of the last claim; its revision keeps two jobs from claiming at the same time.
    case claims
    /// A known text sealed with the cluster key, by which a wrong key is noticed.
    case keyCheck
    /// When retention last looked at everything, and whether a clock that jumped keeps it from doing so.
    case retention
    /// Counts what took an administrator away, so that of two that go at the same time one is looked at again.
    case administrators
    /// Which version of each project's record the nodes are to have, by the project's identifier.
    case projectRecords
    /// The nodes that were removed, which show certificates that are still good.
    case removedNodes
    /// What notices were sent of that are not over yet.
    case notices

    package var description: String { rawValue }
}
