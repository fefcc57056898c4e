import HoldfastModel
import Testing

@testable import HoldfastWeb

/// What of a file a request gets, by RFC 9110.
struct RangeRequestTests {
    static let (etag, modified, seconds) = ("\"tag\"", "Mon, 21 Sep 2026 14:13:20 GMT", Int64(1_790_000_000))

    private func answer(
        _ range: String?, isGet: Bool = true, count: Int64 = 100, change: (inout RangeRequest) -> Void = { _ in }
    ) -> RangeRequest.Answer {
        var request = RangeRequest(isGet: isGet, range: range)
        change(&request)
        return request.answer(
            byteCount: count, etag: Self.etag, modified: Self.modified, modifiedSeconds: Self.seconds)
    }

    @Test(
        arguments: [
            ("bytes=0-0", .part(0..<1)), ("bytes=10-19", .part(10..<20)), ("bytes=90-", .part(90..<100)),
            ("bytes=90-1000", .part(90..<100)), ("bytes=-1", .part(99..<100)), ("bytes=-1000", .part(0..<100)),
            ("Bytes = 5 - 6 ", .part(5..<7)), ("bytes=100-", .notSatisfiable), ("bytes=100-200", .notSatisfiable),
            ("bytes=-0", .notSatisfiable), ("bytes=99999999999999999999-", .notSatisfiable),
            ("bytes=0-99999999999999999999", .part(0..<100)), ("bytes=-99999999999999999999", .part(0..<100)),
            ("bytes=20-10", .whole), ("bytes=a-b", .whole), ("bytes=-", .whole), ("bytes=1", .whole), ("bytes", .whole),
            ("items=0-1", .whole), ("bytes=0-1,5-6", .whole), ("bytes=+1-2", .whole), ("bytes=1-2-3", .whole),
            ("", .whole),
        ] as [(String, RangeRequest.Answer)])
    func ranges(field: String, expected: RangeRequest.Answer) {
        #expect(answer(field) == expected)
        #expect(answer(field, isGet: false) == .whole)
    }

    @Test func anEmptyFileHasNoRange() {
        #expect(answer("bytes=0-", count: 0) == .notSatisfiable && answer("bytes=-5", count: 0) == .notSatisfiable)
        #expect(answer(nil, count: 0) == .whole)
    }

    @Test func conditions() {
        let part = RangeRequest.Answer.part(0..<10)
        #expect(answer("bytes=0-9") { $0.ifRange = Self.etag } == part)
        #expect(answer("bytes=0-9") { $0.ifRange = Self.modified } == part)
        for other in ["\"other\"", "W/\"tag\"", "Mon, 21 Sep 2026 14:13:21 GMT", "tag"] {
            #expect(answer("bytes=0-9") { $0.ifRange = other } == .whole)
        }
        for match in ["\"tag\"", "\"a\", \"tag\"", "W/\"tag\"", "*"] {
            #expect(answer(nil) { $0.ifNoneMatch = match } == .notModified)
        }
        #expect(answer(nil) { $0.ifNoneMatch = "\"a\"" } == .whole)
        #expect(answer(nil) { $0.ifMatch = "\"a\"" } == .preconditionFailed)
        #expect(answer(nil) { $0.ifMatch = "W/\"tag\"" } == .preconditionFailed)
        #expect(answer(nil) { $0.ifMatch = "\"tag\"" } == .whole)
        #expect(answer(nil) { $0.ifModifiedSince = Self.modified } == .notModified)
        #expect(answer(nil) { $0.ifModifiedSince = "Mon, 21 Sep 2026 14:13:19 GMT" } == .whole)
        #expect(answer(nil) { $0.ifUnmodifiedSince = "Mon, 21 Sep 2026 14:13:19 GMT" } == .preconditionFailed)
        #expect(answer(nil) { ($0.ifNoneMatch, $0.ifModifiedSince) = ("\"a\"", Self.modified) } == .whole)
    }

    @Test(arguments: [0, 1_790_000_000, 951_782_400, 4_102_444_799] as [Int64])
    func datesComeBack(seconds: Int64) {
        #expect(HTTPDate.seconds(HTTPDate.text(Timestamp(milliseconds: seconds * 1000))) == seconds)
    }

    @Test func datesAreGolden() {
        #expect(HTTPDate.text(Timestamp(milliseconds: 784_111_777_000)) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.seconds("Sun Nov  6 08:49:37 1994") == nil && HTTPDate.seconds("x") == nil)
    }

    @Test(arguments: [
        ("a.tar", "attachment; filename=\"a.tar\""),
        ("a\"b\\c.tar", "attachment; filename=\"a_b_c.tar\"; filename*=UTF-8''a%22b%5Cc.tar"),
        ("ä€.tar", "attachment; filename=\"__.tar\"; filename*=UTF-8''%C3%A4%E2%82%AC.tar"),
        ("a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
    ])
    func namesAreSafeInHeaders(name: String, header: String) {
        // A line end is one character to Swift, two to a client.
        #expect(ContentDisposition.attachment(name) == header)
    }
}
