import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastWeb

/// The API's own part of an answer, with a service that answers anything.
@Suite(.timeLimit(.minutes(5))) struct APITests {
    private static let bearer = "Authorization: Bearer \(FakeWebService.token)"

    private func withAPI(
        _ body: @escaping @Sendable (_ base: String, FakeWebService) async throws -> Void
    ) async throws {
        let service = FakeWebService()
        try await withServer(SampleSource(), service: service) { base, _ in try await body(base + "/api/v1", service) }
    }

    private func problem(_ answer: Curl) throws -> Problem {
        #expect(answer.headers["content-type"] == "application/problem+json")
        let document = OpenAPIDocument(APIRoutes.all).json
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body))
        let schema = try #require(document["components"]?["schemas"]?["Problem"])
        #expect(SchemaCheck(document).mistakes(in: value, against: schema) == [])
        return try JSONDecoder().decode(Problem.self, from: Data(answer.body))
    }

    @Test func whoIsUnknownGetsNowhere() async throws {
        try await withAPI { base, service in
            for options in [
                ["-H", "Accept: */*"], ["-H", "Authorization: Bearer hfat_bad"], ["-H", "Authorization: Basic x"],
                ["-H", "Cookie: holdfast=hfss_bad"], ["-H", "Cookie: __Host-holdfast=\(FakeWebService.cookie)"],
            ] {
                let answer = try await Curl.get(base + "/projects", options[0], options[1])
                let problem = try problem(answer)
                #expect(answer.status == 401 && problem.code == "unauthenticated" && problem.status == 401)
                #expect(answer.headers["www-authenticate"] != nil)
            }
            #expect(service.commands == [])
            #expect(try await Curl.get(base + "/projects", "-H", Self.bearer).status == 200)
            #expect(service.origins.first == Origin(.api, address: "127.0.0.1"))
        }
    }

    /// A cookie alone changes nothing: another site's form could send it.
    @Test func changesByCookieNeedTheFormsToken() async throws {
        try await withAPI { base, service in
            let cookie = "Cookie: a=b; holdfast=\(FakeWebService.cookie)"
            let looking = try await Curl.get(base + "/projects", "-H", cookie)
            #expect(looking.status == 200)
            let url = base + "/backups/000000000000/pin"
            #expect(try await Curl.get(url, "-X", "PUT", "-H", cookie).status == 403)
            #expect(try await Curl.get(url, "-X", "PUT", "-H", cookie, "-H", "X-Holdfast-Form: x").status == 403)
            #expect(service.commands.count == 1)
            let form = "X-Holdfast-Form: \(FakeWebService.form)"
            #expect(try await Curl.get(url, "-X", "PUT", "-H", cookie, "-H", form).status == 200)
            #expect(service.origins.last?.channel == .web)
        }
    }

    @Test func whatIsWrongWithARequestIsSaid() async throws {
        try await withAPI { base, service in
            let json = "Content-Type: application/json"
            func send(_ path: String, _ method: String = "GET", _ body: String? = nil, type: String? = nil) async throws
                -> (Int, String)
            {
                var options = ["-X", method, "-H", Self.bearer]
                if let body { options += ["-H", type ?? json, "--data-binary", body] }
                let answer =
                    body == nil
                    ? try await Curl.get(base + path, options[0], options[1], options[2], options[3])
                    : try await Curl.get(
                        base + path, options[0], options[1], options[2], options[3], options[4], options[5],
                        options[6], options[7])
                return (answer.status, try problem(answer).detail)
            }
            #expect(try await send("/nothing").0 == 404)
            #expect(try await send("/projects/Bad").0 == 400)
            #expect(try await send("/backups/12").1.contains("backup"))
            #expect(try await send("/projects?x=1").1.contains("x"))
            #expect(try await send("/projects?limit=0").1.contains("1 to 1000"))
            #expect(try await send("/projects?limit=1&limit=2").1.contains("twice"))
            let wrong = try await Curl.get(base + "/projects", "-X", "DELETE", "-H", Self.bearer)
            #expect(try wrong.status == 405 && problem(wrong).detail.contains("GET, POST"))
            #expect(wrong.headers["allow"] == "GET, POST")
            #expect(try await send("/projects", "POST", "{}").1.contains("“name” is missing"))
            #expect(try await send("/projects", "POST", #"{"name":1}"#).1.contains("is a text"))
            #expect(try await send("/projects", "POST", #"{"name":"a","x":1}"#).1.contains("“x”"))
            #expect(try await send("/projects", "POST", #"{"name":"a","copies":99}"#).1.contains("1 to 9"))
            #expect(try await send("/projects", "POST", "[").0 == 400)
            #expect(try await send("/projects", "POST", "name=a", type: "Content-Type: text/plain").0 == 415)
            let large = #"{"name":"\#(String(repeating: "a", count: 70_000))"}"#
            #expect(try await send("/projects", "POST", large).0 == 413)
            #expect(try await send("/backups/000000000000/pin", "PUT", "{}").1.contains("no body"))
            let restore = #"{"backup":"000000000000","destination":"shop/test","confirm":"shop/live"}"#
            #expect(try await send("/restores", "POST", restore).1.contains("confirm"))
            #expect(service.commands == [])
        }
    }

    /// What is asked of the catalog blocks its thread, which therefore is none of those that everybody waits for.
    @Test func requestsAreAnsweredWhereTheServerRuns() async throws {
        let (service, threads) = (FakeWebService(), OwnThreads())
        try await withTaskExecutorPreference(threads) {
            try await withServer(SampleSource(), service: service) { base, _ in
                let answer = try await Curl.get(base + "/api/v1/projects", "-H", Self.bearer)
                #expect(answer.status == 200)
            }
        }
        let executors = service.executors.withLock { $0 }
        #expect(executors == [threads.asUnownedTaskExecutor()])
    }

    /// Bodies of unknown length, and such as never come to an end.
    @Test func bodiesAreBounded() async throws {
        let service = FakeWebService()
        var limits = WebLimits()
        limits.bodyBytes = 1000
        let json = ["-X", "POST", "-H", Self.bearer, "-H", "Content-Type: application/json"]
        try await withServer(SampleSource(), service: service, limits: limits) { base, _ in
            let name = String(repeating: "a", count: 2000)
            let large = try await Curl.get(
                base + "/api/v1/projects",
                json + ["-H", "Transfer-Encoding: chunked", "--data-binary", #"{"name":"\#(name)"}"#])
            #expect(large.status == 413)
        }
        limits.bodyTimeout = .milliseconds(300)
        try await withServer(SampleSource(), service: service, limits: limits) { base, _ in
            let slow = try await Curl.get(
                base + "/api/v1/projects",
                json + ["-H", "Content-Length: 900", "--data-binary", #"{"name":"#])
            let problem = try problem(slow)
            #expect(slow.status == 408 && problem.code == "timed-out")
        }
        #expect(service.commands == [])
    }

    @Test func listsComeInPages() async throws {
        try await withAPI { base, _ in
            func page(_ query: String) async throws -> Page {
                let answer = try await Curl.get(base + "/projects" + query, "-H", Self.bearer)
                return try JSONDecoder().decode(Page.self, from: Data(answer.body))
            }
            let first = try await page("?limit=2")
            #expect(first.items.compactMap { $0["name"]?.text } == ["a", "b"] && first.next == "b")
            let last = try await page("?limit=3&cursor=b")
            #expect(last.items.compactMap { $0["name"]?.text } == ["c", "d", "e"] && last.next == nil)
            #expect(try await Curl.get(base + "/projects?cursor=zz", "-H", Self.bearer).status == 404)
        }
    }

    /// Every code of ours has its status; nothing from inside gets out.
    @Test func failuresAreProblems() async throws {
        try await withAPI { base, service in
            for code in ErrorCode.allCases {
                service.fail(with: HoldfastError(code, "the inside", context: ["job": "x"]))
                let answer = try await Curl.get(base + "/nodes", "-H", Self.bearer)
                let problem = try problem(answer)
                #expect(answer.status == code.httpStatus && problem.code == code.rawValue)
                #expect((problem.detail == "the inside") == (code != .internal))
            }
            service.fail(with: HoldfastError(.busy, "slow down", context: ["retryAfterSeconds": "7"]))
            let hasty = try await Curl.get(base + "/nodes", "-H", Self.bearer)
            #expect(hasty.status == 429 && hasty.headers["retry-after"] == "7")
        }
    }

    @Test func headersAreStrictOnEverything() async throws {
        let source = SampleSource()
        try await withServer(source) { base, _ in
            for path in ["/api/v1/projects", "/api/v1/openapi.json", "/healthz", "/metrics", "/nowhere", source.path] {
                let answer = try await Curl.get(base + path)
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
                #expect(answer.headers["content-security-policy"]?.contains("default-src 'none'") == true, "\(path)")
                #expect(answer.headers["referrer-policy"] == "no-referrer", "\(path)")
                #expect(answer.headers["x-frame-options"] == "DENY", "\(path)")
                #expect(answer.headers["access-control-allow-origin"] == nil, "\(path)")
                #expect(answer.headers["strict-transport-security"] == nil, "\(path)")
            }
        }
    }

    @Test func health() async throws {
        let service = FakeWebService()
        try await withServer(SampleSource(), service: service) { base, _ in
            #expect(try await Curl.get(base + "/healthz").text == "ok\n")
            #expect(try await Curl.get(base + "/readyz").status == 200)
            service.fail(with: HoldfastError(.deposed, "another leads"))
            #expect(try await Curl.get(base + "/healthz").status == 200)
            let ready = try await Curl.get(base + "/readyz")
            #expect(ready.status == 503 && ready.text.contains("deposed"))
            #expect(try await Curl.get(base + "/metrics").status == 401)
        }
    }

    @Test func cookies() throws {
        let user = User(
            id: try #require(UserID("000000000000")), name: try Name("a"), createdAt: SampleSource.now, author: "")
        let session = Session(
            id: try #require(SessionID("000000000000")), digest: "", user: user, at: SampleSource.now,
            lifetime: .seconds(60), address: nil, agent: nil)
        let begun = NewSession(token: Secret("hfss_1"), session: session)
        let plain = SessionCookie(isSecure: false).beginning(begun, now: SampleSource.now)
        #expect(plain == "holdfast=hfss_1; Max-Age=60; Path=/; HttpOnly; SameSite=Lax")
        let secure = SessionCookie(isSecure: true)
        #expect(secure.beginning(begun, now: SampleSource.now).hasPrefix("__Host-holdfast=hfss_1;"))
        #expect(secure.ending == "__Host-holdfast=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure")
        #expect(secure.token(in: [.cookie: "x=1; __Host-holdfast=hfss_2"])?.revealed == "hfss_2")
        #expect(secure.token(in: [.cookie: "holdfast=hfss_2"]) == nil)
    }
}

/// Runs tasks on threads of its own, by which they can be told.
private final class OwnThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "test", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
