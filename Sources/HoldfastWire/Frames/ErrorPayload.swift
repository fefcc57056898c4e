import HoldfastModel

/// The payload of an error frame: the code's number and retry class for programs of any version, then the JSON of
/// `HoldfastError` for the rest.
enum ErrorPayload {
    private struct Body: Codable {
        var code: String?
        var message: String
        var context: [String: String]?
    }

    static func bytes(of error: HoldfastError) -> [UInt8] {
        let head = error.code.number.bigEndianBytes + [number(of: error.retryClass), 0]
        var body = Body(code: error.code.rawValue, message: error.message, context: error.context)
        if let json = try? WireJSON.bytes(of: body, "error") { return head + json }
        // Too long to cross: the context goes first, then the end of the message.
        body = Body(code: error.code.rawValue, message: error.message.printable(limit: 2000), context: [:])
        return head + ((try? WireJSON.bytes(of: body, "error")) ?? Array(#"{"message":""}"#.utf8))
    }

    static func error(_ payload: [UInt8]) throws(HoldfastError) -> HoldfastError {
        guard payload[3] == 0, let retryClass = retryClass(payload[2]) else {
            throw HoldfastError(.malformed, "An error frame with a retry class that is not known.")
        }
        let body = try WireJSON.value(Body.self, from: payload[4...], "error")
        // A code of a later version is told by its retry class.
        let substitute: ErrorCode =
            switch retryClass {
            case .never: .internal
            case .later: .unavailable
            case .elsewhere: .notAllowedHere
            }
        let code = ErrorCode(number: UInt16(bigEndian: payload[0..<2])) ?? substitute
        return HoldfastError(code, body.message, context: body.context ?? [:])
    }

    private static func number(of retryClass: RetryClass) -> UInt8 {
        switch retryClass {
        case .never: 0
        case .later: 1
        case .elsewhere: 2
        }
    }

    private static func retryClass(_ number: UInt8) -> RetryClass? {
        switch number {
        case 0: .never
        case 1: .later
        case 2: .elsewhere
        default: nil
        }
    }
}
