import HoldfastArchive
import HoldfastModel
import Testing

@testable import HoldfastNode

/// When a file is taken for what an earlier capture read.
@Suite struct UnchangedTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func file(_ change: (inout MediaEntry) -> Void = { _ in }) -> MediaEntry {
        let long = FileTime(seconds: 1_700_000_000, nanoseconds: 5)
        var entry = MediaEntry(
            path: Array("a".utf8), kind: .file(size: 3, extents: [], chunks: []), mode: 0o644, owner: 1, group: 1,
            modified: long, changed: long, device: 1, inode: 1)
        change(&entry)
        return entry
    }

    private func isUnchanged(_ now: MediaEntry, since earlier: MediaEntry) -> Bool {
        UnchangedTest(start: Self.start).isUnchanged(now, since: earlier)
    }

    @Test func whatIsTheSameIsUnchanged() {
        #expect(isUnchanged(file(), since: file()))
        // Rights and owners are kept with the entry, and are no content.
        #expect(isUnchanged(file { $0.mode = 0o600 }, since: file()))
    }

    @Test func whatDiffersInAnythingIsNot() {
        let other = FileTime(seconds: 1_700_000_000, nanoseconds: 6)
        let changes: [(inout MediaEntry) -> Void] = [
            { $0.modified = other }, { $0.changed = other }, { $0.inode = 2 }, { $0.device = 2 },
            { $0.kind = .file(size: 4, extents: [], chunks: []) }, { $0.kind = .fifo },
        ]
        for (index, change) in changes.enumerated() { #expect(!isUnchanged(file(change), since: file()), "\(index)") }
    }

    @Test func whatChangedWhileItWasReadIsNot() {
        #expect(!isUnchanged(file(), since: file { $0.flags.insert(.unsettled) }))
    }

    /// A change after the reading could leave no other trace than this.
    @Test func whatChangedAboutWhenTheCaptureBeganIsNot() {
        for (seconds, expected) in [(1_799_999_997, true), (1_799_999_998, false), (1_800_000_001, false)] {
            let entry = file { $0.changed = FileTime(seconds: Int64(seconds), nanoseconds: 0) }
            #expect(isUnchanged(entry, since: entry) == expected, "\(seconds)")
        }
    }
}
