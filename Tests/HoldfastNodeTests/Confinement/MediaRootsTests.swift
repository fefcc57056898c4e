import CLinux
import Glibc
import HoldfastModel
import HoldfastTestKit
import Synchronization
import Testing

@testable import HoldfastNode

/// Every way out of the directories that a node's configuration opens.
@Suite struct MediaRootsTests {
    private func refusal(_ roots: MediaRoots, _ path: String) -> ErrorCode? {
        do {
            _ = try roots.open(path)
            return nil
        } catch { return HoldfastError(error).code }
    }

    /// `/srv/media` opens nothing of `/srv/media2`, and a root that ends in a slash is the one without.
    @Test func aNameThatOnlyBeginsAlikeIsOutside() {
        let fixture = MediaFixture()
        for name in ["media", "media/a", "media2", "media2/a"] { _ = fixture.path(name) }
        let base = fixture.scratch.path
        for root in ["\(base)/media", "\(base)/media/", "\(base)//media"] {
            let roots = MediaRoots(allowed: [root])
            #expect(refusal(roots, "\(base)/media/a") == nil)
            #expect(refusal(roots, "\(base)/media2") == .notAllowedHere)
            #expect(refusal(roots, "\(base)/media2/a") == .notAllowedHere)
            #expect(refusal(roots, base) == .notAllowedHere)
        }
    }

    @Test(arguments: [
        "/media/../etc", "/media/..", "/media/./a", "/media/a/../../etc", "/media/a/..", "media/a", "./media",
    ])
    func dotsAreRefused(_ path: String) {
        let fixture = MediaFixture()
        for name in ["media", "media/a", "etc"] { _ = fixture.path(name) }
        let base = fixture.scratch.path
        let roots = MediaRoots(allowed: ["\(base)/media"])
        #expect(refusal(roots, path.hasPrefix("/") ? base + path : path) == .invalidArgument)
    }

    @Test func noneIsOpenWhereNoneIsNamed() {
        let fixture = MediaFixture()
        #expect(refusal(MediaRoots(allowed: []), fixture.path("media")) == .notAllowedHere)
        #expect(refusal(MediaRoots(allowed: []), "/") == .notAllowedHere)
    }

    /// The configured directory may be a link, as its administrator named it; below it none may be, at any depth.
    @Test func linksAreForAdministratorsOnly() {
        let fixture = MediaFixture()
        for name in ["real", "real/site", "real/site/deep", "outside", "outside/deep"] { _ = fixture.path(name) }
        let base = fixture.scratch.path
        symlink("real", "\(base)/named")
        symlink("site", "\(base)/real/same")
        symlink("\(base)/outside", "\(base)/real/out")
        symlink("/proc/self/root", "\(base)/real/magic")
        let roots = MediaRoots(allowed: ["\(base)/named"])
        #expect(refusal(roots, "\(base)/named/site/deep") == nil)
        for path in ["same", "same/deep", "out", "out/deep", "magic", "magic/etc"] {
            #expect(refusal(roots, "\(base)/named/\(path)") == .notAllowedHere, "\(path)")
        }
    }

    /// What was checked is swapped for a link while others work with it: who opened it keeps it, who opens it anew is
    /// refused.
    @Test func aTreeSwappedForALinkIsNotFollowed() throws {
        let fixture = MediaFixture()
        for name in ["media", "media/site", "secret"] { _ = fixture.path(name) }
        fixture.write("media/site/mine", "mine")
        fixture.write("secret/theirs", "theirs")
        let base = fixture.scratch.path
        let roots = MediaRoots(allowed: ["\(base)/media"])
        let opened = try roots.open("\(base)/media/site")
        rename("\(base)/media/site", "\(base)/media/elsewhere")
        symlink("\(base)/secret", "\(base)/media/site")
        #expect(refusal(roots, "\(base)/media/site") == .notAllowedHere)
        #expect(try opened.handle.statusIfPresent(of: Array("theirs".utf8)) == nil)
        #expect(try opened.handle.statusIfPresent(of: Array("mine".utf8)) != nil)
    }

    /// Many threads' worth of swapping while the tree is opened again and again: never once is the other one reached.
    @Test func aRaceIsNeverWon() throws {
        let fixture = MediaFixture()
        for name in ["media", "media/site", "media/site/deep", "secret", "secret/deep"] { _ = fixture.path(name) }
        let base = fixture.scratch.path
        symlink("\(base)/secret", "\(base)/media/link")
        let secret = try MediaRoots(allowed: [base]).open("\(base)/secret/deep").identity
        let roots = MediaRoots(allowed: ["\(base)/media"])
        let swapper = Swapper("\(base)/media/site", "\(base)/media/link")
        defer { swapper.stop() }
        var (opened, refused) = (0, 0)
        for _ in 0..<4000 {
            if let tree = try? roots.open("\(base)/media/site/deep") {
                #expect(tree.identity != secret)
                opened += 1
            } else {
                refused += 1
            }
        }
        #expect(opened > 0 && refused > 0, "the race was run: \(opened) opened, \(refused) refused")
    }

    // MARK: Holdfast's own directories

    /// The node's store and the cluster's keys and catalog are no media, whatever is allowed.
    @Test func ownDirectoriesAreNoMedia() {
        let fixture = MediaFixture()
        for name in ["media", "media/site", "media/data", "media/data/node", "media/data/node/objects", "media/datum"] {
            _ = fixture.path(name)
        }
        let base = fixture.scratch.path
        symlink("\(base)/media/data", "\(base)/alias")
        let roots = MediaRoots(
            allowed: [base, "\(base)/alias"],
            own: ["\(base)/media/data", "\(base)/media/data/node", "\(base)/not-yet-made"])
        for path in ["media/site", "media/datum"] { #expect(refusal(roots, "\(base)/\(path)") == nil, "\(path)") }
        for path in [
            "", "/media", "/media/data", "/media/data/node", "/media/data/node/objects", "/alias", "/alias/node",
        ] { #expect(refusal(roots, base + path) == .notAllowedHere, "\(path)") }
    }

    @Test(.enabled(if: MediaFixture.isRoot))
    func noMountLeadsIntoThemEither() {
        let fixture = MediaFixture()
        for name in ["data", "data/node", "media", "media/bound"] { _ = fixture.path(name) }
        let base = fixture.scratch.path
        guard mount("\(base)/data", "\(base)/media/bound", nil, UInt(MS_BIND), nil) == 0 else { return }
        defer { umount2("\(base)/media/bound", 2) }
        let roots = MediaRoots(allowed: ["\(base)/media"], own: ["\(base)/data/node"])
        #expect(refusal(roots, "\(base)/media/bound") == .notAllowedHere)
        #expect(refusal(roots, "\(base)/media/bound/node") == .notAllowedHere)
    }

    /// A mount of what lies below one of them shows nothing of it above itself.
    @Test(.enabled(if: MediaFixture.isRoot))
    func noMountOfAPartOfThemDoesEither() {
        let fixture = MediaFixture()
        for name in ["data", "data/no de", "data/no de/objects", "data/other", "media", "media/bound"] {
            _ = fixture.path(name)
        }
        let base = fixture.scratch.path
        let roots = MediaRoots(allowed: ["\(base)/media"], own: ["\(base)/data/no de"])
        let expectations: [(String, ErrorCode?)] = [
            ("no de/objects", .notAllowedHere), ("no de", .notAllowedHere), ("other", nil),
        ]
        for (source, expected) in expectations {
            guard mount("\(base)/data/\(source)", "\(base)/media/bound", nil, UInt(MS_BIND), nil) == 0 else { return }
            defer { umount2("\(base)/media/bound", 2) }
            #expect(refusal(roots, "\(base)/media/bound") == expected, "\(source)")
        }
    }

    @Test func placesAreReadFromTheTableOfMounts() {
        let table = """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            31 22 254:0 /srv/a\\040b /mnt/bound rw - ext4 /dev/vda rw
            32 22 0:44 / /mnt/bound/memory rw - tmpfs tmpfs rw
            """
        let bound = FilePlace(mount: "31", path: "/mnt/bound/x", table: table)
        #expect(bound == FilePlace(fileSystem: "254:0", path: ["srv", "a b", "x"]))
        let above = FilePlace(mount: "22", path: "/srv/a b", table: table)
        let beside = FilePlace(mount: "22", path: "/srv/a b/y", table: table)
        let elsewhere = FilePlace(mount: "32", path: "/mnt/bound/memory/srv", table: table)
        #expect(bound.flatMap { above?.overlaps($0) } == true)
        #expect(above.flatMap { bound?.overlaps($0) } == true)
        #expect(bound.flatMap { beside?.overlaps($0) } == false)
        #expect(bound.flatMap { elsewhere?.overlaps($0) } == false)
        #expect(FilePlace(mount: "33", path: "/mnt", table: table) == nil)
        #expect(FilePlace(mount: "31", path: "/srv", table: table) == nil)
    }
}

/// Exchanges two names for as long as it lives, from a thread of its own.
private final class Swapper: @unchecked Sendable {
    private var thread = pthread_t()
    private let names: (String, String)
    private let isStopped = Atomic(false)

    init(_ one: String, _ two: String) {
        names = (one, two)
        let this = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Swapper>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, this)
    }

    private func work() {
        while !isStopped.load(ordering: .relaxed) {
            _ = linux_rename_exchange(AT_FDCWD, names.0, AT_FDCWD, names.1)
            usleep(20)
        }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        pthread_join(thread, nil)
    }
}

extension MediaRoots {
    init(allowed: [String], own: [String] = []) { self.init(allowed: allowed, own: own, calls: LinuxFileCalls()) }
}
