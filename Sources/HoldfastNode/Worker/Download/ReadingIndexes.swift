import HoldfastArchive
import HoldfastModel
import Synchronization

/// Projects' indexes, opened for reading and kept for a while: opening one reads all of it, which who fetches a file in
/// many ranges is not to wait for each time. One that is out of date only makes reading slower.
final class ReadingIndexes: Sendable {
    private static let keptFor = Duration.seconds(60)
    private static let limit = 16

    private let opened = Mutex<[ProjectID: (index: any ChunkLookup, at: Duration)]>([:])

    func index(of project: ProjectID, _ resources: WorkerResources) -> any ChunkLookup {
        let now = resources.time.uptime
        let known = opened.withLock { opened in
            opened = opened.filter { now - $0.value.at < Self.keptFor }
            return opened[project]?.index
        }
        if let known { return known }
        let index = ProjectIndex.forReading(project, resources: resources)
        opened.withLock { if $0.count < Self.limit { $0[project] = (index, now) } }
        return index
    }

    func forget(_ projects: Set<ProjectID>) {
        opened.withLock { opened in opened = opened.filter { !projects.contains($0.key) } }
    }
}
