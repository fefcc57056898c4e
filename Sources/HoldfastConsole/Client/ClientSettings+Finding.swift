import Foundation
package import HoldfastModel

extension ClientSettings {
    /// The settings named on the command line, else by `HOLDFAST_CLIENT`, else of the cluster in this directory, else the
    /// person's own.
    ///
    /// - Throws: `notFound` with the places looked at and what to do.
    package static func find(_ named: String?) throws(HoldfastError) -> ClientSettings {
        if let named { return try load(named) }
        if let path = variable("HOLDFAST_CLIENT") { return try load(path) }
        let places =
            ["holdfast-data/client.json"] + (variable("HOME").map { [$0 + "/.config/holdfast/client.json"] } ?? [])
        for place in places where access(place, F_OK) == 0 { return try load(place) }
        throw HoldfastError(
            .notFound,
            """
            No cluster is known here: there is no \(places.joined(separator: " and no ")). \
            Start one with `holdfast up`, or point to one with --client FILE or HOLDFAST_CLIENT
            """)
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
