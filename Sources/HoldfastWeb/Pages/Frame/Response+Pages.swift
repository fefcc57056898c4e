import HoldfastModel
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    static func page(_ html: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                // Nothing from elsewhere, nothing inline, no frame around it, and forms only to us.
                .contentSecurityPolicy: """
                default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                form-action 'self'; frame-ancestors 'none'; base-uri 'none'
                """,
            ],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// After something was done: the browser asks for this page, and asking again does nothing twice.
    static func seeOther(_ address: String, done: Done? = nil) -> Response {
        let mark = done.map { (address.contains("?") ? "&" : "?") + "done=\($0.rawValue)" } ?? ""
        return Response(status: .seeOther, headers: [.location: address + mark, .cacheControl: "no-store"])
    }
}
