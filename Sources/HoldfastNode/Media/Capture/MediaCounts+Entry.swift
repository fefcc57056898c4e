import HoldfastArchive
import HoldfastModel

extension MediaCounts {
    /// Counts an entry that a restore makes. The root itself and `.earlier` entries don't count.
    mutating func add(_ entry: MediaEntry) {
        guard !entry.path.isEmpty, !entry.flags.contains(.earlier) else { return }
        switch entry.kind {
        case .directory: directories += 1
        case .file(let size, _, _):
            files += 1
            bytes += Int64(clamping: size)
        case .symbolicLink: symbolicLinks += 1
        case .hardLink: hardLinks += 1
        case .fifo, .socket, .characterDevice, .blockDevice: others += 1
        }
    }
}
