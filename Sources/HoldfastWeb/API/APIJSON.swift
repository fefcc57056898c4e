import Foundation
import HTTPTypes
import HoldfastModel
import Hummingbird
import NIOCore

/// How the API writes JSON.
enum APIJSON {
    static func bytes(of value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing of ours holds what JSON can't say.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
    }

    static func value(of value: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(bytes(of: value)))
    }

    static func response(_ status: HTTPResponse.Status, _ value: some Encodable, _ further: HTTPFields = [:])
        -> Response
    {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers.append(contentsOf: further)
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes(of: value))))
    }
}
