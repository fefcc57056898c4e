import HoldfastModel

/// One service of one environment: a database, or a media tree.
struct Place: Hashable, Comparable, CustomStringConvertible {
    var environment: EnvironmentReference
    var service: ServiceReference

    var description: String { "\(environment) \(service)" }

    static func < (left: Self, right: Self) -> Bool {
        (left.environment, left.service) < (right.environment, right.service)
    }
}

/// All of a service's content as text, so that two contents are the same exactly when these are.
typealias Content = String
