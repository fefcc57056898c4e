import HoldfastCatalog
import HoldfastModel

extension Office {
    /// Which backups are needed by downloads now.
    func downloadHolds() async throws -> DownloadHolds {
        let live = try await catalog.all(Download.self, scope: Download.Scope.live.rawValue)
        return DownloadHolds(live.map(\.value), at: clock.now)
    }

    /// A node that may have the project's content in the clear: its own environment's where that is here, else another in
    /// the regions that the policy names.
    ///
    /// - Throws: `unavailable` where none is here.
    func reader(for environment: EnvironmentReference, of project: Project) async throws -> NodeID {
        var allowed: [NodeID] = []
        for node in await nodes.connected() {
            guard let region = await registry.region(of: node) else { continue }
            if project.policy.allowedRegions?.contains(region) ?? true { allowed.append(node) }
        }
        if let own = try await catalog.get(Environment.self, environment)?.value.node, allowed.contains(own) {
            return own
        }
        if let node = await registry.worker(among: allowed) { return node }
        let regions = project.policy.allowedRegions.map { " in \($0.map(\.text).joined(separator: " or "))" } ?? ""
        throw HoldfastError(.unavailable, "No node\(regions) is connected that could read the backup: try again later")
    }

    /// What is to be written when a download has come to its end, so that whoever asked for it is told by mail.
    func mail(about download: Download) throws -> Changes {
        guard let address = download.mail else { return Changes() }
        switch download.state {
        case .ready: return try mail(to: address, about: .downloadReady(download.id))
        case .failed: return try mail(to: address, about: .downloadFailed(download.id))
        case .preparing, .expired, .revoked, .cancelled: return Changes()
        }
    }
}
