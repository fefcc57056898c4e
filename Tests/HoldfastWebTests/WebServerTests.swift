import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastWeb

/// The real server, asked by curl.
@Suite(.timeLimit(.minutes(5))) struct WebServerTests {
    @Test func givesTheWholeFileWithItsNameAndType() async throws {
        let source = SampleSource(name: "shöp \"1\".tar")
        try await withServer(source) { base, _ in
            let whole = try await Curl.get(base + source.path)
            #expect(whole.status == 200 && whole.body == SampleSource.content(0..<300_000))
            let expected = [
                "content-type": "application/x-tar", "content-length": "300000", "accept-ranges": "bytes",
                "etag": "\"\(SampleSource.hash)\"", "last-modified": "Mon, 21 Sep 2026 14:13:20 GMT",
                "content-disposition":
                    "attachment; filename=\"sh_p _1_.tar\"; filename*=UTF-8''sh%C3%B6p%20%221%22.tar",
                "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
                "content-security-policy": "default-src 'none'; sandbox",
            ]
            for (name, value) in expected { #expect(whole.headers[name] == value, "\(name)") }
            #expect(whole.headers["cache-control"]?.contains("private") == true)

            let head = try await Curl.get(base + source.path, "--head")
            #expect(head.status == 200 && head.headers["content-length"] == "300000")
            // Of the content nothing was asked for.
            #expect(source.state.withLock { $0.given } == 300_000)
        }
    }

    @Test func givesRanges() async throws {
        let source = SampleSource()
        try await withServer(source) { base, _ in
            let url = base + source.path
            let middle = try await Curl.get(url, "-r", "1000-70000")
            #expect(middle.status == 206 && middle.body == SampleSource.content(1000..<70_001))
            #expect(middle.headers["content-range"] == "bytes 1000-70000/300000")
            #expect(middle.headers["content-length"] == "69001")
            let last = try await Curl.get(url, "-r", "-5")
            #expect(last.status == 206 && last.body == SampleSource.content(299_995..<300_000))
            let several = try await Curl.get(url, "-r", "0-1,5-6")
            #expect(several.status == 200 && several.body.count == 300_000)
            let beyond = try await Curl.get(url, "-r", "300000-")
            #expect(beyond.status == 416 && beyond.headers["content-range"] == "bytes */300000")
            let matching = try await Curl.get(url, "-r", "0-9", "-H", "If-Range: \"\(SampleSource.hash)\"")
            #expect(matching.status == 206 && matching.body.count == 10)
            let changed = try await Curl.get(url, "-r", "0-9", "-H", "If-Range: \"x\"")
            #expect(changed.status == 200 && changed.body.count == 300_000)
            let known = try await Curl.get(url, "-H", "If-None-Match: \"\(SampleSource.hash)\"")
            #expect(known.status == 304 && known.body.isEmpty && known.headers["etag"] != nil)
            let other = try await Curl.get(url, "-H", "If-Match: \"x\"")
            #expect(other.status == 412)
        }
    }

    @Test func curlResumesWhatWasBrokenOff() async throws {
        let source = SampleSource()
        try await withServer(source) { base, _ in
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("hf-test-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            source.state.withLock { $0.failsAfter = 131_072 }
            #expect(try await Curl.run(["-sS", "-o", file.path, base + source.path]) == 18)
            let part = try Data(contentsOf: file).count
            #expect(part > 0 && part < 300_000)
            source.state.withLock { $0.failsAfter = nil }
            #expect(try await Curl.run(["-sS", "-C", "-", "-o", file.path, base + source.path]) == 0)
            #expect(try Data(contentsOf: file).map { $0 } == SampleSource.content(0..<300_000))
        }
    }

    @Test(arguments: [
        (LinkRefusal.notGenuine, 403, "changed"), (.expired, 410, "expired"), (.revoked, 410, "revoked"),
        (.gone, 410, "no longer"),
    ])
    func refusalsAreClearPages(_ refusal: LinkRefusal, _ status: Int, _ word: String) async throws {
        let source = SampleSource()
        source.state.withLock { $0.refusal = refusal }
        try await withServer(source) { base, _ in
            let page = try await Curl.get(base + source.path)
            #expect(page.status == status && page.text.contains(word))
            #expect(page.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(page.headers["cache-control"] == "no-store")
        }
    }

    @Test func whatIsNoLinkIsNotFound() async throws {
        let source = SampleSource()
        try await withServer(source) { base, _ in
            let bad = [
                "/d", "/d/x/1/n", "/d/01aaaaaaaaaa/1/n", "/d/01aaaaaaaaaa/0/n?expires=1&signature=00",
                "/d/01aaaaaaaaaa/1/n?expires=1&signature=zz", "/d/../../etc/passwd",
                source.path.replacingOccurrences(of: "expires=", with: "expires=-"),
            ]
            for path in bad {
                let page = try await Curl.get(base + path, "--path-as-is")
                #expect(page.status == 404 && !page.body.isEmpty, "\(path)")
            }
            let changed = try await Curl.get(base + source.path.replacingOccurrences(of: "0707", with: "0708"))
            #expect(changed.status == 403)
            source.state.withLock { $0.isUnavailable = true }
            let later = try await Curl.get(base + source.path)
            #expect(later.status == 503 && later.headers["retry-after"] != nil)
            let posted = try await Curl.get(base + source.path, "-d", "x")
            #expect((404...405).contains(posted.status))
        }
    }

    @Test func hugeHeadersAreRefused() async throws {
        let source = SampleSource()
        try await withServer(source) { base, _ in
            let huge = try await Curl.get(base + source.path, "-H", "X: " + String(repeating: "x", count: 20_000))
            #expect((400...499).contains(huge.status))
            #expect(try await Curl.get(base + source.path).status == 200)
        }
    }

    @Test func whoAsksForTheHeadAloneGetsIt() async throws {
        try await withServer(SampleSource()) { base, _ async throws in
            #expect(try await Curl.get(base + "/healthz", "--head").status == 200)
            #expect(try await Curl.get(base + "/", "--head").status != 404)
        }
    }

    /// A client that takes nothing holds back the source, and is let go.
    @Test func aStuckClientHoldsBackTheSourceAndIsLetGo() async throws {
        let source = SampleSource(bytes: 1 << 30)
        var limits = WebLimits()
        limits.stallTimeout = .seconds(2)
        try await withServer(source, limits: limits) { _, port in
            let client = try await RawSocket.connect(port: port)
            client.write(Array("GET \(source.path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            while source.state.withLock({ $0.given }) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            while source.state.withLock({ $0.reading }) > 0 { try await Task.sleep(for: .milliseconds(10)) }
            // What the sockets' buffers take, no more.
            let given = source.state.withLock { $0.given }
            #expect(given < 64 << 20, "\(given)")
            withExtendedLifetime(client) {}
        }
    }

    @Test func whenTheClientGoesTheReadingEnds() async throws {
        let source = SampleSource(bytes: 1 << 40)
        try await withServer(source) { _, port in
            do {
                let client = try await RawSocket.connect(port: port)
                client.write(Array("GET \(source.path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                while source.state.withLock({ $0.given }) == 0 { try await Task.sleep(for: .milliseconds(10)) }
            }
            while source.state.withLock({ $0.reading }) > 0 { try await Task.sleep(for: .milliseconds(10)) }
        }
    }

    /// A connection that was accepted and not come to must not end the process.
    @Test func stopsWithACrowdAtTheDoor() async throws {
        for _ in 0..<5 {
            let crowd = try await withServer(SampleSource()) { _, port in
                try await RawSocket.crowd(200, port: port)
            }
            try await RawSocket.untilOpen(atMost: 0, of: crowd)
        }
    }

    @Test func trickledHeadsAreLetGo() async throws {
        var limits = WebLimits()
        limits.headTimeout = .seconds(1)
        try await withServer(SampleSource(), limits: limits) { _, port in
            let client = try await RawSocket.connect(port: port)
            client.write(Array("GET / HTTP/1.1\r\n".utf8))
            while !client.isClosed {
                client.write(Array("X: y\r\n".utf8))
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// A request that begins and does not go on holds its connection only for a while.
    @Test func bodiesThatDoNotComeAreLetGo() async throws {
        var limits = WebLimits()
        limits.stallTimeout = .seconds(1)
        try await withServer(SampleSource(), limits: limits) { _, port in
            let client = try await RawSocket.connect(port: port)
            let head = "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            client.write(Array((head + "Content-Length: 100\r\n\r\nuser=").utf8))
            // It may have been answered before it was whole; that frees nothing either.
            try await client.readToEnd()
            #expect(client.isClosed)
        }
    }

    @Test func onlySoManyAtOnce() async throws {
        let source = SampleSource(bytes: 1 << 30)
        var limits = WebLimits()
        limits.transfers = 1
        try await withServer(source, limits: limits) { base, port in
            do {
                let client = try await RawSocket.connect(port: port)
                client.write(Array("GET \(source.path) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
                while source.state.withLock({ $0.reading }) == 0 { try await Task.sleep(for: .milliseconds(10)) }
                #expect(try await Curl.get(base + source.path, "-r", "0-9").status == 503)
                #expect(try await Curl.get(base + source.path, "--head").status == 200)
            }
            while try await Curl.get(base + source.path, "-r", "0-9").status != 206 {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
