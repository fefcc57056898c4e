import Crypto
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit

/// Fetches the files of a download by their links, as a program does that goes on where it was broken off.
struct Fetch {
    /// How often in a row nothing may come.
    private static let attempts = 4

    let world: World
    let patience: Duration

    /// - Throws: what kept a file from coming whole.
    func run(_ detail: DownloadDetail) async throws {
        for file in detail.files {
            guard let link = Self.link(file) else {
                return world.findings.report("P1", "file \(file.number) of download \(detail.id) has no link")
            }
            check(file, try await bytes(of: file, link), detail)
            world.count("files fetched")
        }
    }

    private func bytes(of file: DownloadDetail.File, _ link: DownloadLink) async throws -> [UInt8] {
        var (bytes, failures): ([UInt8], Int) = ([], 0)
        while Int64(bytes.count) < file.bytes {
            let given = Given()
            let start = Int64(bytes.count)
            do {
                guard let leading = world.leading else { throw HoldfastError(.unavailable, "No coordinator leads") }
                try await leading.life.lend(patience) {
                    let found = try await leading.coordinator.downloads.file(at: link)
                    try await leading.coordinator.downloads.read(found, start..<file.bytes) { given.bytes += $0 }
                }
            } catch {
                failures = given.bytes.isEmpty ? failures + 1 : 0
                guard failures < Self.attempts, !(error is LinkRefusal), HoldfastError(error).retryClass == .later
                else { throw (error as? LinkRefusal).map { HoldfastError(.notFound, "the link is \($0)") } ?? error }
                world.count("fetches resumed")
                await Pause.take(.seconds(2), in: .outside)
            }
            // Whatever comes after this belongs to nobody.
            bytes += given.bytes
        }
        return bytes
    }

    /// What came is what was said, and what the backup contains.
    private func check(_ file: DownloadDetail.File, _ bytes: [UInt8], _ detail: DownloadDetail) {
        let hash = SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        if Int64(bytes.count) != file.bytes || hash != file.sha256 {
            world.findings.report(
                "P6", "file \(file.number) of download \(detail.id) has \(bytes.count) bytes of hash \(hash)")
        }
        guard case .part(let service) = file.content, service.kind == .database else { return }
        let content = (try? ModelDump.content(of: bytes)).map(Site.text)
        if content.map({ world.witness.captured[detail.backup]?[service]?.versions.contains($0) == true }) != true {
            world.findings.report(
                "P2", "download \(detail.id) of backup \(detail.backup) has a dump of \(content ?? "nothing")")
        }
    }

    private static func link(_ file: DownloadDetail.File) -> DownloadLink? {
        guard let text = file.link?.revealed, text.hasPrefix(CoordinatorHost.publicURL + "/d/") else { return nil }
        let halves = text.dropFirst(CoordinatorHost.publicURL.count + 3).split(separator: "?")
        let path = halves[0].split(separator: "/").map(String.init)
        let query = halves.last?.split(separator: "&").compactMap { $0.split(separator: "=").last }.map(String.init)
        guard path.count == 3, let query, query.count == 2 else { return nil }
        return DownloadLink(download: path[0], number: path[1], expires: query[0], signature: query[1])
    }

    /// Of one reading.
    private final class Given: @unchecked Sendable {
        // Touched by the executor's one thread.
        var bytes: [UInt8] = []
    }
}
