import HoldfastCommands
import HoldfastModel

extension CoordinatorCommands {
    private static let waitLimit = 24 * 60 * 60

    func rebuildCatalog(
        _ rebuild: CatalogRebuildRequest, _ report: @Sendable (CommandEvent) async -> Void
    ) async throws -> CommandResult {
        guard (0...Self.waitLimit).contains(rebuild.waitSeconds) else {
            throw HoldfastError(.invalidArgument, "Nodes are waited for one day at most: --wait 10m")
        }
        var work = CatalogRebuild(office: office)
        let result = try await work.run(wait: .seconds(rebuild.waitSeconds), report)
        // What nodes had may be sealed with an earlier cluster key.
        try await KeyRewrap(office: office).perform()
        return .rebuilt(result)
    }
}
