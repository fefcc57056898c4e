import CCurl
package import HoldfastModel

/// Mail by SMTP, through libcurl. A call blocks its thread until the server has answered, the time is up, or the task is
/// cancelled.
package struct SMTPTransport: MailTransport {
    private let server: MailServer

    package init(_ server: MailServer) {
        self.server = server
        _ = Self.start
    }

    private static let start = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    package func send(_ message: MailMessage) async -> MailOutcome {
        let stop = StopMark()
        return await withTaskCancellationHandler {
            deliver(message, stop)
        } onCancel: {
            stop.set()
        }
    }

    private func deliver(_ message: MailMessage, _ stop: StopMark) -> MailOutcome {
        guard let conversation = SMTPConversation(server, stop) else {
            return .postponed("There is no memory for a mail.")
        }
        return conversation.deliver(message)
    }
}

/// By which one thread ends what another does in libcurl.
private final class StopMark: @unchecked Sendable {
    let number = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    init() { number.initialize(to: 0) }

    deinit { number.deallocate() }

    func set() { holdfast_curl_stop(number) }
}

/// One mail handed to one server: libcurl's handles, freed with this.
private final class SMTPConversation {
    private let server: MailServer
    private let stop: StopMark
    private let curl: UnsafeMutableRawPointer
    private let mime: OpaquePointer
    private var lists: [UnsafeMutablePointer<curl_slist>?] = []
    private let explanation: UnsafeMutablePointer<CChar>

    init?(_ server: MailServer, _ stop: StopMark) {
        guard let curl = curl_easy_init() else { return nil }
        guard let mime = curl_mime_init(curl) else {
            curl_easy_cleanup(curl)
            return nil
        }
        self.server = server
        self.stop = stop
        self.curl = curl
        self.mime = mime
        explanation = .allocate(capacity: Int(CURL_ERROR_SIZE))
        explanation.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(curl)
        curl_mime_free(mime)
        for list in lists { curl_slist_free_all(list) }
        explanation.deallocate()
    }

    func deliver(_ message: MailMessage) -> MailOutcome {
        var code = set(CURLOPT_URL, server.url)
        func also(_ next: CURLcode) { if code == CURLE_OK { code = next } }
        also(holdfast_curl_set_buffer(curl, CURLOPT_ERRORBUFFER, explanation))
        also(set(CURLOPT_PROTOCOLS_STR, "smtp,smtps"))
        // Neither the environment nor the home directory says where mail goes.
        also(set(CURLOPT_PROXY, ""))
        also(set(CURLOPT_NETRC, 0))
        also(set(CURLOPT_NOSIGNAL, 1))
        also(holdfast_curl_set_stop(curl, stop.number))
        also(set(CURLOPT_CONNECTTIMEOUT_MS, Int(server.connectTimeout / .milliseconds(1))))
        also(set(CURLOPT_TIMEOUT_MS, Int(server.timeout / .milliseconds(1))))
        also(set(CURLOPT_USE_SSL, server.security == .none ? 0 : Int(CURLUSESSL_ALL.rawValue)))
        if let authorities = server.certificateAuthorities { also(set(CURLOPT_CAINFO, authorities)) }
        if let user = server.user { also(set(CURLOPT_USERNAME, user)) }
        if let password = server.password { also(set(CURLOPT_PASSWORD, password.revealed)) }
        also(set(CURLOPT_MAIL_FROM, server.from.text))
        also(set(CURLOPT_MAIL_RCPT, [message.to.text]))
        also(set(CURLOPT_HTTPHEADER, MailHeaders.lines(of: message, from: server)))
        also(attach(message))
        also(curl_easy_perform(curl))
        return outcome(code)
    }

    private func outcome(_ code: CURLcode) -> MailOutcome {
        if code == CURLE_OK { return .sent }
        let answer = Int(holdfast_curl_response_code(curl))
        let said = String(cString: explanation)
        let text = (said.isEmpty ? String(cString: curl_easy_strerror(code)) : said).printable(limit: 400)
        let reason = "\(server.host):\(server.port): \(text)\(answer > 0 ? " (the server's answer: \(answer))" : "")"
        switch (code, answer) {
        // These answers are about who we are, not about the mail (RFC 4954).
        case (CURLE_LOGIN_DENIED, _), (_, 530), (_, 534), (_, 535), (_, 538):
            return .postponed("\(reason); see the user and password in the mail settings")
        case (CURLE_USE_SSL_FAILED, _):
            return .postponed("\(reason); the server offers no TLS, which the mail settings ask for")
        case (CURLE_ABORTED_BY_CALLBACK, _): return .postponed("Holdfast was stopped meanwhile.")
        // What it refuses for good it has understood: the addresses, or the mail.
        case (_, 500..<600): return .refused(reason)
        default: return .postponed(reason)
        }
    }

    /// The body: the text, and the same as HTML for those who prefer it.
    private func attach(_ message: MailMessage) -> CURLcode {
        guard let alternatives = curl_mime_init(curl), let part = curl_mime_addpart(mime) else {
            return CURLE_OUT_OF_MEMORY
        }
        for (content, type) in [
            (message.text, "text/plain; charset=utf-8"), (message.html, "text/html; charset=utf-8"),
        ] {
            guard let half = curl_mime_addpart(alternatives) else {
                curl_mime_free(alternatives)
                return CURLE_OUT_OF_MEMORY
            }
            // Mail's lines end with both.
            let lines = content.replacing("\n", with: "\r\n")
            _ = lines.withCString { curl_mime_data(half, $0, lines.utf8.count) }
            curl_mime_type(half, type)
            curl_mime_encoder(half, "quoted-printable")
        }
        let code = curl_mime_subparts(part, alternatives)
        guard code == CURLE_OK else {
            curl_mime_free(alternatives)
            return code
        }
        curl_mime_type(part, "multipart/alternative")
        return holdfast_curl_set_mime(curl, mime)
    }

    private func set(_ option: CURLoption, _ value: String) -> CURLcode {
        holdfast_curl_set_text(curl, option, value)
    }

    private func set(_ option: CURLoption, _ value: Int) -> CURLcode {
        holdfast_curl_set_number(curl, option, value)
    }

    private func set(_ option: CURLoption, _ lines: [String]) -> CURLcode {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        lists.append(list)
        return holdfast_curl_set_list(curl, option, list)
    }
}
