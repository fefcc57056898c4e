import ArgumentParser
import HoldfastModel
import HoldfastNode

/// Whether a new cluster serves HTTP, and where: `127.0.0.1:8480`, or `off`.
enum HTTPChoice: Equatable, Sendable {
    case at(NetworkAddress)
    case off

    static let usual = HTTPChoice.at(NetworkAddress(host: "127.0.0.1", port: 8480))

    var settings: HTTPSettings? {
        switch self {
        case .at(let address): HTTPSettings(listen: address)
        case .off: nil
        }
    }

    @Sendable static func read(_ text: String) throws -> HTTPChoice {
        if text == "off" { return .off }
        guard let address = NetworkAddress(argument: text) else {
            throw ValidationError("Write HOST:PORT, such as 127.0.0.1:8480, or off.")
        }
        return .at(address)
    }
}
