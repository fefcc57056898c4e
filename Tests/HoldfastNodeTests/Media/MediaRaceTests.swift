import Glibc
import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastNode

/// Someone changes a tree while it is walked and read, at a known place each time: between a name being looked at and being
/// opened, and between two pieces of a file.
@Suite(.timeLimit(.minutes(5))) struct MediaRaceTests {
    /// `tree/a/b/c/inside`, and a copy of the same names outside, whose files must never be seen.
    private func nested() -> MediaFixture {
        let fixture = MediaFixture()
        for top in ["tree", "outside"] {
            for path in [top, "\(top)/a", "\(top)/a/b", "\(top)/a/b/c"] {
                _ = fixture.path(path)
                fixture.write("\(path)/inside", top == "tree" ? "mine" : "secret of others")
            }
        }
        return fixture
    }

    /// Runs `change` when the walk has looked at `path`.
    private func capture(
        _ fixture: MediaFixture, at path: String, _ change: @escaping @Sendable (_ base: String) -> Void
    ) async throws -> (paths: [String], warnings: [String]) {
        let (base, wanted) = (fixture.scratch.path, Array(path.utf8))
        let (entries, outcome) = try await fixture.capture("tree", chunks: MemoryChunks()) { seen in
            if seen == wanted { change(base) }
        }
        #expect(outcome.counts.bytes == outcome.counts.files * 4, "something else than 'mine' was read")
        return (entries.entries.map { String.printable(bytes: $0.path, limit: .max) }, outcome.warnings.first)
    }

    @Test(arguments: ["a", "a/b", "a/b/c"], [true, false])
    func aDirectorySwappedBeforeItIsOpenedIsNotEntered(path: String, forALink: Bool) async throws {
        let (paths, warnings) = try await capture(nested(), at: path) { base in
            rename("\(base)/tree/\(path)", "\(base)/moved")
            if forALink {
                symlink("\(base)/outside/\(path)", "\(base)/tree/\(path)")
            } else {
                rename("\(base)/outside/\(path)", "\(base)/tree/\(path)")
            }
        }
        #expect(paths.contains(path) && !paths.contains { $0.hasPrefix("\(path)/") })
        #expect(warnings == ["\(path) was replaced while it was read; its content is missing."])
    }

    /// What was opened before stays what is read.
    @Test(arguments: ["a", "a/b"]) func aDirectorySwappedAboveLeadsNowhereElse(above: String) async throws {
        let (paths, warnings) = try await capture(nested(), at: "a/b/c/inside") { base in
            rename("\(base)/tree/\(above)", "\(base)/moved")
            symlink("\(base)/outside/\(above)", "\(base)/tree/\(above)")
        }
        #expect(paths.count == 8 && warnings == [])
    }

    /// Of a deep chain only the lowest directories are open; the others are found again on the way up.
    @Test(arguments: [10, 30, 55], [false, true])
    func aDeepDirectoryMovedAwayIsNotLeftIntoItsNewPlace(level: Int, andOneAboveIt: Bool) async throws {
        let fixture = MediaFixture(inMemory: true)
        let depth = 60
        func path(_ level: Int, in top: String = "tree") -> String {
            ([top] + Array(repeating: "d", count: level)).joined(separator: "/")
        }
        for (top, text) in [("tree", "mine"), ("outside", "secret of others")] {
            for level in 0...depth {
                _ = fixture.path(path(level, in: top))
                fixture.write("\(path(level, in: top))/z", text)
            }
        }
        _ = fixture.path("aside")
        fixture.write("aside/z", "secret of others")
        let (moved, above, other) = (path(level), path(5), path(5, in: "outside"))
        let (paths, warnings) = try await capture(fixture, at: path(depth).dropFirst(5) + "/z") { base in
            rename("\(base)/\(moved)", "\(base)/aside/d")
            guard andOneAboveIt else { return }
            rename("\(base)/\(above)", "\(base)/away")
            rename("\(base)/\(other)", "\(base)/\(above)")
        }
        // The way up leads through each directory's parent, or from the root. With both moved there is neither to what lies
        // between them, unless that is still open.
        let lost = andOneAboveIt && level <= depth - 24 ? level - 5 : 0
        #expect(warnings.count == min(lost, 20) && paths.filter { $0.hasSuffix("z") }.count == depth + 1 - lost)
        #expect(
            warnings.allSatisfy { $0.hasSuffix("was moved or removed while it was read; the rest of it is missing.") })
    }

    @Test(arguments: ["nothing", "link", "pipe", "socket", "directory"])
    func aFileSwappedForSomethingElseIsNamed(what: String) async throws {
        let (paths, warnings) = try await capture(nested(), at: "a/b/inside") { base in
            let path = "\(base)/tree/a/b/inside"
            unlink(path)
            switch what {
            case "link": symlink("\(base)/outside/a/inside", path)
            case "pipe": mkfifo(path, 0o600)
            case "socket": mknod(path, 0o140600, 0)
            case "directory": mkdir(path, 0o700)
            default: break
            }
        }
        #expect(paths.count == 7 && !paths.contains("a/b/inside"))
        #expect(warnings.count == 1 && warnings.first?.hasPrefix("a/b/inside ") == true, "\(warnings)")
    }

    @Test func aFileReplacedByAnotherIsThatOne() async throws {
        let fixture = nested()
        fixture.write("other", "mine")
        let (paths, warnings) = try await capture(fixture, at: "a/b/inside") { base in
            rename("\(base)/other", "\(base)/tree/a/b/inside")
        }
        #expect(paths.contains("a/b/inside") && warnings == [])
    }

    enum Change: CaseIterable { case grows, shrinks, isRewritten, vanishes, isReplaced }

    /// What is kept is what the file held at one instant, or it is named and flagged. `times` is how often it changes.
    @Test(arguments: Change.allCases, [1, .max])
    func aFileThatChangesIsConsistentOrNamed(change: Change, times: Int) async throws {
        let (fixture, chunks) = (MediaFixture(inMemory: true), MemoryChunks())
        _ = fixture.path("tree")
        let path = "\(fixture.scratch.path)/tree/file"
        // Three pieces of reading, each version of another letter.
        func version(_ number: Int) -> String {
            let letter = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number % 26)))
            return String(repeating: letter, count: (5 << 19) + number)
        }
        var (versions, number, pieces) = ([version(0)], 0, 0)
        fixture.write("tree/file", version(0))
        chunks.whileReading = {
            pieces += 1
            guard pieces % 3 == 2, number < times, access(path, F_OK) == 0 else { return }
            number += 1
            switch change {
            case .grows:
                versions.append(versions[versions.count - 1] + "more")
                fixture.write("tree/file", versions[versions.count - 1])
            case .shrinks:
                truncate(path, (5 << 19) - (number << 18))
                versions.append(String(versions[0].prefix((5 << 19) - (number << 18))))
            case .isRewritten:
                versions.append(version(number))
                fixture.write("tree/file", version(number))
            case .vanishes: unlink(path)
            case .isReplaced:
                versions.append(version(number))
                fixture.write("other", version(number))
                rename("\(fixture.scratch.path)/other", path)
            }
        }
        let (entries, outcome) = try await fixture.capture("tree", chunks: chunks)
        #expect(number > 0)
        let entry = entries.at("file").first
        if change == .vanishes {
            #expect(entry == nil && outcome.warnings.first == ["file vanished before it could be read."])
            return
        }
        let kept = try #require(entry)
        if kept.flags.contains(.unsettled) {
            #expect(times > 1 && outcome.warnings.count == 1)
            #expect(outcome.warnings.first.first?.hasPrefix("file changed each of the 3 times") == true)
        } else {
            let (staging, _) = try await fixture.stage(entries.entries, chunks: chunks, in: "to", job: fixture.job(1))
            let content = try staging.tree.handle.file(Array("file".utf8)).contents(limit: 8 << 20)
            #expect(versions.contains { Array($0.utf8) == content }, "a mixture of \(content.count) bytes")
            #expect(outcome.warnings.count == 0)
        }
        // A restore of what is kept never fails.
        let (_, applied) = try await fixture.stage(entries.entries, chunks: chunks, in: "too", job: fixture.job(2))
        #expect(applied.counts == outcome.counts)
    }
}
