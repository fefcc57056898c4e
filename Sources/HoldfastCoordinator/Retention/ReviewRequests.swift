package import HoldfastModel

/// The environments whose backups are to be reviewed.
package struct ReviewRequests: Sendable {
    let requests: AsyncStream<EnvironmentReference>
    private let continuation: AsyncStream<EnvironmentReference>.Continuation

    init() { (requests, continuation) = AsyncStream.makeStream(of: EnvironmentReference.self) }

    package func ask(for environment: EnvironmentReference) { continuation.yield(environment) }
}
