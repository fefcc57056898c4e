import HoldfastModel
import NIOCore

/// What a `Multiplexer` knows of one stream.
struct MultiplexedStream: Sendable {
    enum Sending { case open, ending, ended }

    let isOurs: Bool

    // What we send: `unsent` waits for credit and for the link; `end` and the answer follow it.
    var unsent = CircularBuffer<[UInt8]>()
    var unsentOffset = 0
    var unsentBytes = 0
    var sendCredit: Int
    var sending = Sending.open
    var answer: Frame?
    var isReady = false
    var eventsQueued = 0

    // What we receive: `receiveCredit` is what the peer may still send, `returnable` what was read and not yet allowed anew.
    var arrived = CircularBuffer<[UInt8]>()
    var receiveCredit: Int
    var returnable = 0
    var isCreditDue = false
    var receivingEnded = false
    var discardsBulk = false

    var events = CircularBuffer<[UInt8]>()
    var outcome: Result<[UInt8], HoldfastError>?
    /// The caller has gone; the stream stays until the peer's answer.
    var isAbandoned = false
    /// The peer no longer wants the answer.
    var isCancelled = false

    init(isOurs: Bool, sendCredit: Int, receiveCredit: Int) {
        self.isOurs = isOurs
        self.sendCredit = sendCredit
        self.receiveCredit = receiveCredit
    }

    /// Small pieces are put together, so that a peer that sends single bytes can't make us hold an array for each.
    mutating func append(_ bytes: [UInt8]) {
        if let last = arrived.last, last.count + bytes.count <= 32 << 10 {
            arrived[arrived.index(before: arrived.endIndex)].append(contentsOf: bytes)
        } else {
            arrived.append(bytes)
        }
    }

    mutating func dropUnsent() {
        unsent.removeAll()
        (unsentOffset, unsentBytes) = (0, 0)
    }

    /// The next bytes to send within credit; nil when there are none or no credit.
    mutating func takeUnsent(limit: Int) -> [UInt8]? {
        guard let first = unsent.first, sendCredit > 0 else { return nil }
        let count = min(first.count - unsentOffset, sendCredit, limit)
        let whole = unsentOffset == 0 && count == first.count
        let bytes = whole ? first : Array(first[unsentOffset..<unsentOffset + count])
        unsentOffset += count
        if unsentOffset == first.count {
            unsent.removeFirst()
            unsentOffset = 0
        }
        unsentBytes -= count
        sendCredit -= count
        return bytes
    }
}
