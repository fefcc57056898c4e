import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Downloads as people fetch them: prepared by the command line, fetched by curl, read by the tools they are for.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(6)))
struct DownloadRoadTests {
    @Test func dumpAndTarHoldWhatWasBackedUp() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            MediaSampleTree(in: shop.liveMedia + "/products", seed: 7)
            let live = try await shop.content("shop/live")
            let backup = try shop.backUp()
            let download = try cluster.download("prepare", backup.id.text)
            #expect(download.state == .ready && download.files.count == 2)
            let folder = cluster.root.appendingPathComponent("fetched")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)

            // Saved under the names that the service gives.
            for file in download.files {
                try shell("cd '\(folder.path)' && curl -sS --fail -OJ '\(try link(file))'")
                let path = folder.appendingPathComponent(file.name).path
                let sum = try shell("sha256sum '\(path)'")
                #expect(sum.hasPrefix(file.sha256 + " "), "\(sum)")
                #expect(try shell("stat -c %s '\(path)'") == "\(file.bytes)\n")
            }

            let dump = folder.appendingPathComponent(download.files[0].name).path
            #expect(download.files[0].name.hasSuffix(".dump"))
            #expect(
                try shell("\(ThrowawayPostgres.binaries)/pg_restore --list '\(dump)'").contains(
                    "TABLE DATA public orders"))
            let copy = "\(shop.role)_copy"
            try await shop.postgres.sql("CREATE DATABASE \(copy) OWNER \(shop.role)")
            try shell(
                """
                PGPASSWORD=\(ThrowawayPostgres.superuserPassword) \(ThrowawayPostgres.binaries)/pg_restore --exit-on-error \
                -h 127.0.0.1 -p \(shop.postgres.port) -U \(ThrowawayPostgres.superuser) -d \(copy) '\(dump)'
                """)
            #expect(try await shop.postgres.plainDump(of: copy) == live.database)

            let tar = folder.appendingPathComponent(download.files[1].name).path
            let out = folder.appendingPathComponent("out").path
            let isRoot = geteuid() == 0
            let flags = isRoot ? "--same-owner --numeric-owner" : "--no-same-owner"
            try shell("mkdir '\(out)' && tar -xp --xattrs --xattrs-include='*' \(flags) -C '\(out)' -f '\(tar)'")
            let manifest = try String(contentsOfFile: out + "/MANIFEST", encoding: .utf8)
            #expect(try shell("tar -tf '\(tar)'").hasPrefix("MANIFEST\n"))
            // Whoever has the list can check what was extracted.
            var sums = ""
            for line in manifest.split(separator: "\n") {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                guard fields[0] == "file", !fields[4].contains("\\"), fields[4] != "products/shut" else { continue }
                sums += fields[3] + "  " + fields[4] + "\n"
            }
            try Data(sums.utf8).write(to: folder.appendingPathComponent("sums"))
            try shell("cd '\(out)' && sha256sum --quiet -c ../sums")
            try FileManager.default.removeItem(atPath: out + "/MANIFEST")
            try? FileManager.default.removeItem(atPath: shop.liveMedia + "/products/socket")
            if isRoot {
                let (extracted, source) = (
                    MediaTreeDigest(of: out, withRoot: false), MediaTreeDigest(of: shop.liveMedia, withRoot: false)
                )
                let differences = extracted.differences(from: source).filter {
                    !$0.hasPrefix("- products ") && !$0.hasPrefix("+ products ")
                }
                #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            }
        }
    }

    @Test func aBrokenFetchIsResumedAcrossARestart() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try shell("head -c 24M /dev/urandom > '\(shop.liveMedia)/film.mp4'")
            let backup = try shop.backUp("shop/live", "--media")
            let download = try cluster.download("prepare", backup.id.text, "--media")
            let url = try link(download.files[0])
            let file = cluster.root.appendingPathComponent("media.tar").path

            let curl = Process()
            curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            curl.arguments = ["curl", "-sS", "--limit-rate", "1M", "-o", file, url]
            try curl.run()
            try cluster.until("some of it is there") { size(of: file) > 1 << 20 }
            kill(curl.processIdentifier, SIGKILL)
            curl.waitUntilExit()
            let before = size(of: file)
            #expect(before < 24 << 20)

            // The link goes on working after the coordinator was killed.
            cluster.kill()
            try cluster.start()
            let got = try shell("curl -sS --fail -C - -o '\(file)' -w '%{http_code} %{size_download}' '\(url)'")
            #expect(got == "206 \(download.files[0].bytes - before)")
            #expect(try shell("sha256sum '\(file)'").hasPrefix(download.files[0].sha256))

            // Backed up is what a download needs.
            #expect(
                cluster.holdfastFailure("backup", "delete", backup.id.text, "--yes")?.contains(download.id.text) == true
            )
            try cluster.result("download", "revoke", download.id.text)
            #expect(try shell("curl -sS -o /dev/null -w '%{http_code}' '\(url)'") == "410")
            try cluster.result("backup", "delete", backup.id.text, "--yes")
            // Whoever reads the log or the catalog gets no link.
            let signature = url.split(separator: "=").last.map(String.init) ?? ""
            #expect(signature.count == 64 && !cluster.logText.contains(signature))
            #expect(try shell("grep -rlaF \(signature) '\(cluster.root.path)/data' || true").isEmpty)
        }
    }

    @Test func linksExpireAndCannotBeChanged() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let backup = try shop.backUp()
            let long = try cluster.download("prepare", backup.id.text, "--media")
            let url = try link(long.files[0])
            let expires = try #require(Int(url.split(separator: "expires=")[1].prefix { $0 != "&" }))
            for changed in [
                url.replacingOccurrences(of: "expires=\(expires)", with: "expires=\(expires + 1)"),
                url.replacingOccurrences(of: "/1/", with: "/2/"),
                String(url.dropLast()) + (url.hasSuffix("0") ? "1" : "0"),
            ] {
                #expect(try shell("curl -sS -o /dev/null -w '%{http_code}' '\(changed)'") == "403")
            }
            let short = try cluster.download("prepare", backup.id.text, "--media", "--expires", "5s")
            let shortURL = try link(short.files[0])
            try cluster.until("the link has expired") {
                try shell("curl -sS -o /dev/null -w '%{http_code}' '\(shortURL)'") == "410"
            }
            #expect(try cluster.download("show", short.id.text).state == .expired)
        }
    }

    @Test func aSingleFileAndASingleTable() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            let backup = try shop.backUp()
            let download = try cluster.download(
                "prepare", backup.id.text, "--file", "products/deep/er/2.jpg", "--file", "same-as-a.txt", "--table",
                "customers")
            #expect(download.files.map(\.name).prefix(2) == ["2.jpg", "same-as-a.txt"])
            #expect(try shell("curl -sS '\(link(download.files[0]))'") == "two")
            #expect(try shell("curl -sS '\(link(download.files[1]))'") == "one")
            let head = try shell("curl -sSI '\(link(download.files[0]))'")
            #expect(head.contains("image/jpeg") && head.contains("filename=\"2.jpg\""))

            let script = cluster.root.appendingPathComponent("table.sql").path
            let url = try link(download.files[2])
            try shell("curl -sS -o '\(script)' '\(url)'")
            #expect(try shell("sha256sum '\(script)'").hasPrefix(download.files[2].sha256))
            for start in [0, 100, 5000, download.files[2].bytes - 100] {
                try shell("curl -sS -r \(start)-\(start + 4000) '\(url)' > '\(script).part'")
                try shell("cmp <(tail -c +\(start + 1) '\(script)' | head -c 4001) '\(script).part'")
            }
            // Loaded into a table like it, the rows are those of the backup.
            let columns = "SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM customers c"
            let before = try await shop.postgres.sql(columns, in: shop.liveDatabase)
            try await shop.postgres.sql("DELETE FROM orders; DELETE FROM customers", in: shop.liveDatabase)
            try shell(
                """
                PGPASSWORD=\(ThrowawayPostgres.superuserPassword) \(ThrowawayPostgres.binaries)/psql -X -q -v ON_ERROR_STOP=1 \
                -h 127.0.0.1 -p \(shop.postgres.port) -U \(ThrowawayPostgres.superuser) -f '\(script)' \(shop.liveDatabase)
                """)
            #expect(try await shop.postgres.sql(columns, in: shop.liveDatabase) == before)

            for wrong in [["--file", "no/such"], ["--file", "products"], ["--table", "nope"], ["--file", "a\\q"]] {
                let outcome = try HoldfastBinary.run(
                    ["download", "prepare", backup.id.text] + wrong, environment: cluster.client)
                #expect(outcome.status != 0 && !outcome.errors.isEmpty)
            }
        }
    }

    @Test func prepareFindsADamagedShard() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try shell("head -c 2M /dev/urandom > '\(shop.liveMedia)/film.mp4'")
            let backup = try shop.backUp("shop/live", "--media")
            let shard = try shell("find '\(cluster.root.path)/data/node' -path '*shard*' -type f -size +1M | head -1")
                .split(separator: "\n").first.map(String.init)
            let path = try #require(shard)
            try shell("printf 'x' | dd of='\(path)' bs=1 seek=1000000 conv=notrunc status=none")
            let outcome = try HoldfastBinary.run(["download", "prepare", backup.id.text], environment: cluster.client)
            // What was found damaged is set aside, so that a second attempt finds no copy at all.
            #expect(outcome.status == 66 && outcome.errors.contains("No node gave shard"), "\(outcome)")
            guard case .downloads(let all) = try cluster.result("download", "list", "shop/live") else { return }
            #expect(all.map(\.state) == [.failed] && all[0].failure?.code == .notFound)
            let aside = try shell("find '\(cluster.root.path)/data/node/quarantine' -type f | wc -l")
            #expect(aside.contains("1"))
        }
    }

    // MARK: parts

    private func link(_ file: DownloadDetail.File) throws -> String { try #require(file.link).revealed }

    private func size(of path: String) -> Int64 {
        (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64) ?? 0
    }
}

extension Cluster {
    fileprivate func download(_ arguments: String...) throws -> DownloadDetail {
        let outcome = try HoldfastBinary.run(["download"] + arguments + ["--json"], environment: client)
        guard outcome.status == 0,
            case .download(let detail) = try JSONDecoder().decode(CommandResult.self, from: Data(outcome.output.utf8))
        else { throw TestFailure("download \(arguments): \(outcome.errors)\(outcome.output)") }
        return detail
    }
}
