import CCurl
import HoldfastModel

/// By which one thread ends what another does in libcurl.
final class StopMark: @unchecked Sendable {
    let number = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    init() { number.initialize(to: 0) }

    deinit { number.deallocate() }

    func set() { holdfast_curl_stop(number) }

    /// Runs what blocks its thread, and ends it when the task is cancelled.
    static func run<Value>(_ body: (StopMark) -> Value) async -> Value {
        let stop = StopMark()
        return await withTaskCancellationHandler {
            body(stop)
        } onCancel: {
            stop.set()
        }
    }
}

/// One conversation of libcurl: its handle and all that it points to, freed together. Used by one thread at a time.
final class CurlHandle {
    let curl: UnsafeMutableRawPointer
    private let stop: StopMark
    /// The parts of a mail, which outlive the conversation.
    var mime: OpaquePointer?
    private var lists: [UnsafeMutablePointer<curl_slist>?] = []
    private let explanation: UnsafeMutablePointer<CChar>
    /// What went wrong first with the options.
    private var code = CURLE_OK

    private static let start = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Nil where there is no memory.
    init?(_ stop: StopMark, connectTimeout: Duration, timeout: Duration) {
        _ = Self.start
        guard let curl = curl_easy_init() else { return nil }
        self.curl = curl
        self.stop = stop
        explanation = .allocate(capacity: Int(CURL_ERROR_SIZE))
        explanation.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        also(holdfast_curl_set_buffer(curl, CURLOPT_ERRORBUFFER, explanation))
        // Neither the environment nor the home directory says where anything goes.
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NETRC, 0)
        set(CURLOPT_NOSIGNAL, 1)
        also(holdfast_curl_set_stop(curl, stop.number))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(connectTimeout / .milliseconds(1)))
        set(CURLOPT_TIMEOUT_MS, Int(timeout / .milliseconds(1)))
    }

    deinit {
        curl_easy_cleanup(curl)
        if let mime { curl_mime_free(mime) }
        for list in lists { curl_slist_free_all(list) }
        explanation.deallocate()
    }

    func also(_ next: CURLcode) { if code == CURLE_OK { code = next } }

    func set(_ option: CURLoption, _ value: String) { also(holdfast_curl_set_text(curl, option, value)) }

    func set(_ option: CURLoption, _ value: Int) { also(holdfast_curl_set_number(curl, option, value)) }

    func set(_ option: CURLoption, _ lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        lists.append(list)
        also(holdfast_curl_set_list(curl, option, list))
    }

    /// Talks to the server to the end, unless an option failed before.
    func perform() -> CURLcode {
        also(curl_easy_perform(curl))
        return code
    }

    /// The server's last answer; 0 for none.
    var answer: Int { Int(holdfast_curl_response_code(curl)) }

    /// What went wrong, for people.
    func reason(_ code: CURLcode) -> String {
        let said = String(cString: explanation)
        return (said.isEmpty ? String(cString: curl_easy_strerror(code)) : said).printable(limit: 400)
    }
}
