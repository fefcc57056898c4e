import HoldfastModel

// A frame is a header of 12 bytes and a payload. Numbers are unsigned and big-endian; what is called 0 must be 0.
//
//   offset  size
//        0     1  type
//        1     1  flags: bit 0 = the sender's bulk ends here (open and data only); the other bits 0
//        2     2  0
//        4     4  stream; 0 = the connection itself
//        8     4  length of the payload
//
//   type         stream  payload
//    1 hello          0  8 magic "HOLDFAST", 2 version; from there as version 1 says:
//                        1 purpose (0 control, 1 bulk), 1 zero, 4 window, 4 maximum streams
//    2 open         ≥ 1  1 length of the name (1 to 64), the name, then the message's JSON (1 to 65 536)
//    3 event        ≥ 1  JSON (1 to 65 536)
//    4 data         ≥ 1  raw bulk (1 to 262 144)
//    5 end          ≥ 1  none
//    6 credit       ≥ 1  4 bytes allowed, at least 1
//    7 reply        ≥ 1  JSON (1 to 65 536)
//    8 error        any  2 code, 1 retry class (0 never, 1 later, 2 elsewhere), 1 zero, then JSON (2 to 65 536)
//    9 cancel       ≥ 1  none
//   10 ping           0  8 of the sender's choice
//   11 pong           0  8 of the ping
//   12 goodbye        0  none
struct FrameHeader: Hashable {
    static let size = 12

    var type: FrameType
    var ends: Bool
    var stream: StreamID
    var length: Int

    /// - Precondition: `bytes` are `size`.
    init(_ bytes: [UInt8]) throws(HoldfastError) {
        precondition(bytes.count == Self.size)
        guard let type = FrameType(rawValue: bytes[0]) else {
            throw HoldfastError(.malformed, "Frame type \(bytes[0]) is not known.")
        }
        let stream = StreamID(UInt32(bigEndian: bytes[4..<8]))
        let length = UInt32(bigEndian: bytes[8..<12])
        guard bytes[1] == 0 || bytes[1] == 1 && type.mayEnd, bytes[2] == 0, bytes[3] == 0 else {
            throw HoldfastError(.malformed, "A \(type) frame has reserved bits set.")
        }
        guard type.mayConcern(stream) else {
            throw HoldfastError(.malformed, "A \(type) frame can't be for stream \(stream).")
        }
        guard type.lengths.contains(Int(length)) else {
            throw HoldfastError(
                .malformed,
                "A \(type) frame of \(length) bytes: allowed are \(type.lengths.lowerBound) to \(type.lengths.upperBound)."
            )
        }
        (self.type, self.ends, self.stream, self.length) = (type, bytes[1] == 1, stream, Int(length))
    }

    init(_ type: FrameType, _ stream: StreamID, length: Int, ends: Bool = false) {
        (self.type, self.ends, self.stream, self.length) = (type, ends, stream, length)
    }

    var bytes: [UInt8] {
        [type.rawValue, ends ? 1 : 0, 0, 0] + stream.number.bigEndianBytes + UInt32(length).bigEndianBytes
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    var bigEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) }
    }

    /// - Precondition: `bytes` are as many as the number has.
    init(bigEndian bytes: ArraySlice<UInt8>) {
        precondition(bytes.count == Self.bitWidth / 8)
        self = bytes.reduce(0) { $0 << 8 | Self($1) }
    }
}
