/// The first byte of a frame. A number, once given, keeps its meaning.
enum FrameType: UInt8, CaseIterable {
    case hello = 1
    case open = 2
    case event = 3
    case data = 4
    case end = 5
    case credit = 6
    case reply = 7
    case error = 8
    case cancel = 9
    case ping = 10
    case pong = 11
    case goodbye = 12

    /// How long the payload may be.
    var lengths: ClosedRange<Int> {
        switch self {
        case .hello: 10...FrameLimits.hello
        case .open: 3...FrameLimits.openPayload
        case .event, .reply: 1...FrameLimits.body
        case .data: 1...FrameLimits.data
        case .credit: 4...4
        case .error: 6...FrameLimits.errorPayload
        case .ping, .pong: 8...8
        case .end, .cancel, .goodbye: 0...0
        }
    }

    var mayEnd: Bool { self == .open || self == .data }

    func mayConcern(_ stream: StreamID) -> Bool {
        switch self {
        case .error: true
        case .hello, .ping, .pong, .goodbye: stream == .connection
        default: stream != .connection
        }
    }
}
