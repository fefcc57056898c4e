import CCurl
package import HoldfastModel

/// Webhooks by HTTP, through libcurl. A call blocks its thread until the receiver has answered, the time is up, or the task
/// is cancelled. No redirect is followed, no proxy used, and of the answer only its status is kept.
package struct WebhookSender: WebhookTransport {
    /// How receivers are spoken to.
    package struct Rules: Hashable, Sendable {
        /// Also those in private networks and on this machine, and by plain HTTP. Whoever may add a webhook could otherwise
        /// have this machine knock at doors that are not theirs.
        package var allowsPrivate = false
        /// A file of certificates to trust instead of the system's.
        package var certificateAuthorities: String?
        package var connectTimeout = Duration.seconds(10)
        package var timeout = Duration.seconds(20)
        /// Bytes of an answer, with its head, that are read at most.
        package var answerBytes = 64 << 10

        package init() {}
    }

    private let rules: Rules

    package init(_ rules: Rules) { self.rules = rules }

    package func check(_ url: WebhookURL) throws(HoldfastError) {
        guard url.isSecure || rules.allowsPrivate else {
            throw HoldfastError(
                .invalidArgument,
                "A webhook begins with https://; “privateAddresses: true” under “webhooks” in coordinator.yaml lets others in"
            )
        }
    }

    package func post(_ request: WebhookRequest) async -> DeliveryOutcome {
        do { try check(request.url) } catch { return .refused(error.message) }
        return await StopMark.run { stop in deliver(request, stop) }
    }

    private func deliver(_ request: WebhookRequest, _ stop: StopMark) -> DeliveryOutcome {
        guard let handle = CurlHandle(stop, connectTimeout: rules.connectTimeout, timeout: rules.timeout) else {
            return .postponed("There is no memory for a webhook.")
        }
        var gate = holdfast_curl_gate(allows: allowPublic, has_refused: 0)
        if rules.allowsPrivate { gate.allows = allowAny }
        var left = rules.answerBytes
        let code = withUnsafeMutablePointer(to: &gate) { gate in
            withUnsafeMutablePointer(to: &left) { left in
                handle.also(holdfast_curl_set_gate(handle.curl, gate))
                handle.also(holdfast_curl_bound(handle.curl, left))
                return post(request, handle)
            }
        }
        return outcome(code, handle, request.url, isRefused: gate.has_refused != 0)
    }

    private func post(_ request: WebhookRequest, _ handle: CurlHandle) -> CURLcode {
        handle.set(CURLOPT_URL, request.url.text.revealed)
        handle.set(CURLOPT_PROTOCOLS_STR, rules.allowsPrivate ? "https,http" : "https")
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        if let authorities = rules.certificateAuthorities { handle.set(CURLOPT_CAINFO, authorities) }
        handle.set(CURLOPT_USERAGENT, "Holdfast")
        handle.set(CURLOPT_POST, 1)
        handle.set(CURLOPT_POSTFIELDSIZE, request.body.count)
        // JSON has no zero byte in it.
        handle.set(CURLOPT_COPYPOSTFIELDS, String(decoding: request.body, as: UTF8.self))
        // Without waiting for a word to go on.
        handle.set(CURLOPT_HTTPHEADER, request.headers + ["Expect:"])
        return handle.perform()
    }

    private func outcome(
        _ code: CURLcode, _ handle: CurlHandle, _ url: WebhookURL, isRefused: Bool
    ) -> DeliveryOutcome {
        let answer = handle.answer
        // Once it has said that it took it, it may say more than anybody reads.
        if (200..<300).contains(answer), code == CURLE_OK || code == CURLE_WRITE_ERROR { return .sent }
        // A name that isn't there and one of the network inside are told alike, and tried alike: whoever adds webhooks is not
        // to learn which names there are.
        if isRefused || code == CURLE_COULDNT_RESOLVE_HOST, !rules.allowsPrivate {
            return .postponed(
                "\(url.shown) has no address that anybody can reach: “privateAddresses: true” under “webhooks” in coordinator.yaml lets private ones in"
            )
        }
        guard code == CURLE_OK else {
            if code == CURLE_ABORTED_BY_CALLBACK { return .postponed("Holdfast was stopped meanwhile.") }
            return .postponed("\(url.shown): \(handle.reason(code))")
        }
        // Gone, it says, is gone for good.
        if answer == 410 { return .refused("\(url.shown) answered 410: nobody is there any more") }
        let further = (300..<400).contains(answer) ? "; redirects are not followed" : ""
        return .postponed("\(url.shown) answered \(answer)\(further)")
    }
}

private func allowAny(_: UnsafePointer<UInt8>?, _: Int32) -> Int32 { 1 }

private func allowPublic(_ bytes: UnsafePointer<UInt8>?, _ count: Int32) -> Int32 {
    PublicAddress.isPublic(Array(UnsafeBufferPointer(start: bytes, count: Int(count)))) ? 1 : 0
}
