import Foundation
import HoldfastCommands
import HoldfastModel

extension Cluster {
    /// A project `shop`, whose environment `live` has media of one file with the text `one`.
    ///
    /// - Returns: the directory of the media, and a backup of it.
    func makeMediaShop() throws -> (live: URL, backup: Backup) {
        let live = media.appendingPathComponent("live")
        try FileManager.default.createDirectory(at: live, withIntermediateDirectories: true)
        try Data("one".utf8).write(to: live.appendingPathComponent("file"))
        try result("project", "create", "shop")
        try result("environment", "create", "shop/live", "--schedule", "none")
        try result("service", "set", "shop/live", "media", "--path", live.path)
        guard case .backup(let detail) = try result("backup", "create", "shop/live") else {
            throw TestFailure("no backup")
        }
        return (live, detail.backup)
    }
}
