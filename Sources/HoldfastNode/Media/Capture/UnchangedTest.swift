import HoldfastArchive
import HoldfastModel

/// Whether a file is what an earlier capture read.
struct UnchangedTest {
    /// Files may be stamped with a clock that lags a little behind the one that stamped the capture's start, and a change
    /// within the same tick leaves no trace.
    static let marginMilliseconds: Int64 = 2000

    private let latest: FileTime

    /// `start` is when the earlier capture began.
    init(start: Timestamp) {
        let milliseconds = start.milliseconds - Self.marginMilliseconds
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        latest = FileTime(seconds: seconds, nanoseconds: UInt32(milliseconds - seconds * 1000) * 1_000_000)
    }

    func isUnchanged(_ entry: MediaEntry, since earlier: MediaEntry) -> Bool {
        guard case .file(let size, _, _) = entry.kind, case .file(let earlierSize, _, _) = earlier.kind else {
            return false
        }
        return size == earlierSize && entry.modified == earlier.modified && entry.changed == earlier.changed
            && entry.inode == earlier.inode && entry.device == earlier.device && entry.changed < latest
            && !earlier.flags.contains(.unsettled)
    }
}
