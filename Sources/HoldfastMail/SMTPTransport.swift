import CCurl
package import HoldfastModel

/// Mail by SMTP, through libcurl. A call blocks its thread until the server has answered, the time is up, or the task is
/// cancelled.
package struct SMTPTransport: MailTransport {
    private let server: MailServer

    package init(_ server: MailServer) { self.server = server }

    package func send(_ message: MailMessage) async -> DeliveryOutcome {
        await StopMark.run { stop in
            guard let conversation = SMTPConversation(server, stop) else {
                return .postponed("There is no memory for a mail.")
            }
            return conversation.deliver(message)
        }
    }
}

/// One mail handed to one server.
private final class SMTPConversation {
    private let server: MailServer
    private let handle: CurlHandle
    private let mime: OpaquePointer

    init?(_ server: MailServer, _ stop: StopMark) {
        guard
            let handle = CurlHandle(stop, connectTimeout: server.connectTimeout, timeout: server.timeout),
            let mime = curl_mime_init(handle.curl)
        else { return nil }
        self.server = server
        self.handle = handle
        handle.mime = mime
        self.mime = mime
    }

    func deliver(_ message: MailMessage) -> DeliveryOutcome {
        handle.set(CURLOPT_URL, server.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        handle.set(CURLOPT_USE_SSL, server.security == .none ? 0 : Int(CURLUSESSL_ALL.rawValue))
        if let authorities = server.certificateAuthorities { handle.set(CURLOPT_CAINFO, authorities) }
        if let user = server.user { handle.set(CURLOPT_USERNAME, user) }
        if let password = server.password { handle.set(CURLOPT_PASSWORD, password.revealed) }
        handle.set(CURLOPT_MAIL_FROM, server.from.text)
        handle.set(CURLOPT_MAIL_RCPT, [message.to.text])
        handle.set(CURLOPT_HTTPHEADER, MailHeaders.lines(of: message, from: server))
        handle.also(attach(message))
        return outcome(handle.perform())
    }

    private func outcome(_ code: CURLcode) -> DeliveryOutcome {
        if code == CURLE_OK { return .sent }
        let answer = handle.answer
        let reason =
            "\(server.host):\(server.port): \(handle.reason(code))\(answer > 0 ? " (the server's answer: \(answer))" : "")"
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
        guard let alternatives = curl_mime_init(handle.curl), let part = curl_mime_addpart(mime) else {
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
        return holdfast_curl_set_mime(handle.curl, mime)
    }
}
