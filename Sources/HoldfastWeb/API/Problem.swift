import HTTPTypes
import HoldfastModel
import Hummingbird
import NIOCore

/// An error as RFC 9457 writes it, with our code and number beside.
struct Problem: Codable, Error {
    var type: String
    var title: String
    var status: Int
    var detail: String
    var code: String
    var number: UInt16
    var context: [String: String]

    init(_ error: HoldfastError) {
        let isHasty = error.context["retryAfterSeconds"] != nil
        type = "urn:holdfast:error:\(error.code.rawValue)"
        title = error.code.rawValue.replacing("-", with: " ").capitalizedFirst
        status = isHasty ? 429 : error.code.httpStatus
        // What went wrong inside is for the log.
        detail = error.code == .internal ? "Something went wrong here: the log says more" : error.message
        code = error.code.rawValue
        number = error.code.number
        context = error.code == .internal ? [:] : error.context
    }

    init(_ error: HoldfastError, status: Int) {
        self.init(error)
        self.status = status
    }

    static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
            "detail": ["type": "string"], "code": ["type": "string"], "number": ["type": "integer"],
            "context": ["type": "object", "additionalProperties": ["type": "string"]],
        ], "required": ["type", "title", "status", "detail", "code", "number", "context"],
    ]

    func response(_ further: HTTPFields = [:]) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        switch status {
        case 401: headers[.wwwAuthenticate] = "Bearer realm=\"Holdfast\""
        case 405: headers[.allow] = context["allow"]
        case 429, 503: headers[.retryAfter] = context["retryAfterSeconds"] ?? "10"
        default: break
        }
        headers.append(contentsOf: further)
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: APIJSON.bytes(of: self))))
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
