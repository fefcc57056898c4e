import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastWeb

/// Content of backups, as a program fetches it by the API and a browser by the pages.
@Suite(.timeLimit(.minutes(5))) struct ContentTests {
    private static let bearer = "Authorization: Bearer \(FakeWebService.token)"
    private static let cookie = "Cookie: holdfast=\(FakeWebService.cookie)"
    private static let path = "/backups/000000000000/files/content?path=a%2F%C3%A4%22x.html&of=media"

    @Test func isSavedAndNeverShown() async throws {
        let service = FakeWebService()
        try await withServer(SampleSource(), service: service) { base, _ in
            for (url, who) in [(base + "/api/v1" + Self.path, Self.bearer), (base + Self.path, Self.cookie)] {
                let whole = try await Curl.get(url, "-H", who)
                #expect(whole.status == 200 && whole.body == FakeWebService.content, "\(url)")
                let expected = [
                    "content-type": "application/octet-stream", "content-length": "100000", "accept-ranges": "bytes",
                    "etag": "\"00ff\"",
                    "content-disposition": "attachment; filename=\"__x.html\"; filename*=UTF-8''%C3%A4%22x.html",
                    "x-content-type-options": "nosniff", "content-security-policy": "default-src 'none'; sandbox",
                ]
                for (name, value) in expected { #expect(whole.headers[name] == value, "\(name)") }
                let part = try await Curl.get(url, "-H", who, "-r", "500-1699")
                #expect(part.status == 206 && part.body == Array(FakeWebService.content[500..<1700]))
                #expect(part.headers["content-range"] == "bytes 500-1699/100000")
                #expect(try await Curl.get(url, "-H", who, "-r", "100000-").status == 416)
                #expect(try await Curl.get(url, "-H", who, "-H", "If-None-Match: \"00ff\"").status == 304)
                #expect(try await Curl.get(url, "-H", who, "-H", "If-Match: \"x\"").status == 412)
            }
            let backup = try #require(BackupID("000000000000"))
            let get = BackupGet(backup: backup, what: .path("a/ä\"x.html"), source: ServiceReference(.media))
            #expect(service.commands.count == 10 && service.commands.allSatisfy { $0 == .backupGet(get) })
        }
    }

    @Test func aTableIsAskedForByItsName() async throws {
        let service = FakeWebService()
        try await withServer(SampleSource(), service: service) { base, _ in
            let path = "/backups/000000000000/tables/content?table=public.%C3%A4"
            #expect(try await Curl.get(base + "/api/v1" + path, "-H", Self.bearer).status == 200)
            #expect(try await Curl.get(base + path, "-H", Self.cookie).status == 200)
            let backup = try #require(BackupID("000000000000"))
            let get = Command.backupGet(BackupGet(backup: backup, what: .table("public.ä")))
            #expect(service.commands == [get, get])
            // What is wanted has to be said.
            for what in ["files", "tables"] {
                let url = base + "/api/v1/backups/000000000000/\(what)/content"
                #expect(try await Curl.get(url, "-H", Self.bearer).status == 400)
            }
            #expect(service.commands.count == 2)
        }
    }

    @Test func notForStrangersAndNotFromElsewhere() async throws {
        let service = FakeWebService()
        try await withServer(SampleSource(), service: service) { base, _ in
            #expect(try await Curl.get(base + "/api/v1" + Self.path).status == 401)
            #expect(try await Curl.get(base + Self.path).status == 303)
            let elsewhere = try await Curl.get(base + Self.path, "-H", Self.cookie, "-H", "Sec-Fetch-Site: cross-site")
            #expect(elsewhere.status == 403)
            #expect(service.commands.isEmpty)
            service.fail(with: HoldfastError(.notFound, "The backup has no file x"))
            let missing = try await Curl.get(base + "/api/v1" + Self.path, "-H", Self.bearer)
            #expect(missing.status == 404 && missing.headers["content-disposition"] == nil)
            #expect(missing.headers["content-type"] == "application/problem+json")
        }
    }

    /// As many as downloads may be sent at once, and they count together.
    @Test func tooManyAreToldToComeAgain() async throws {
        var limits = WebLimits()
        limits.transfers = 0
        try await withServer(SampleSource(), limits: limits) { base, _ in
            let answer = try await Curl.get(base + "/api/v1" + Self.path, "-H", Self.bearer)
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
        }
    }
}
