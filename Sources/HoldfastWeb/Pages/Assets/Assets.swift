import Crypto
import HoldfastModel
import HTTPTypes
import Hummingbird
import NIOCore

/// What pages need besides themselves. The address of each holds the hash of its content, so that it can be kept for ever.
struct Asset: Sendable {
    let path: String
    let type: String
    let bytes: ByteBuffer

    private init(_ name: String, _ suffix: String, type: String, _ text: String) {
        let hash = Array(SHA256.hash(data: Array(text.utf8)).prefix(8)).hexadecimal
        path = "/assets/\(name)-\(hash).\(suffix)"
        self.type = type
        bytes = ByteBuffer(string: text)
    }

    static let style = Asset("holdfast", "css", type: "text/css; charset=utf-8", StyleSheet.text)
    static let script = Asset("holdfast", "js", type: "text/javascript; charset=utf-8", PageScript.text)
    static let icon = Asset("icon", "svg", type: "image/svg+xml", Mark.icon)
    static let all = [style, script, icon]

    var response: Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .contentLength: "\(bytes.readableBytes)",
                .cacheControl: "public, max-age=31536000, immutable",
            ],
            body: .init(byteBuffer: bytes))
    }
}

/// Our mark: a ring held by a knot.
enum Mark {
    private static let shape = """
        <path d="M16 3 4.5 7.5v8c0 7 4.8 11.3 11.5 13.5 6.700-2.200 11.500-6.500 11.500-13.500v-8z" fill="none" \
        stroke="currentColor" stroke-width="2.4" stroke-linejoin="round"/>\
        <path d="M11 10.500v11M21 10.500v11M11 16h10" fill="none" stroke="currentColor" stroke-width="2.800" \
        stroke-linecap="round"/>
        """

    static let inline = "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\">\(shape)</svg>"
    static let icon =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\" color=\"#12635a\">\(shape)</svg>"
}
