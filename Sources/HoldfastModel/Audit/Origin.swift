/// Where a request came from.
package struct Origin: Hashable, Codable, Sendable {
    package enum Channel: String, Codable, Sendable, CaseIterable {
        /// The console port: `holdfast`, its shell, or a script.
        case console
        /// The coordinator's own process, such as `holdfast cluster init`.
        case local
        case api
        case web
        /// Nobody: a schedule, or a rule of retention.
        case schedule
    }

    package var channel: Channel
    /// The peer's, without its port.
    package var address: String?

    package init(_ channel: Channel, address: String? = nil) {
        self.channel = channel
        self.address = address.map { $0.printable(limit: 60) }
    }

    package static let local = Origin(.local)
    package static let schedule = Origin(.schedule)
}
