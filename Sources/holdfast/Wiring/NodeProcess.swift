import HoldfastModel

/// placeholder
struct NodeProcess: Sendable {
    init(settings: NodeSettings) throws {}
    func run() async throws {}
    static func join(_ settings: NodeSettings, token: Secret) async throws -> NodeDirectory {
        NodeDirectory(path: settings.dataDirectory)
    }
}
