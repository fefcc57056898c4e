/// What each side says first: the protocol's version, what the connection is for, and what it will take in.
package struct Hello: Hashable, Sendable {
    package static let magic = Array("HOLDFAST".utf8)
    package static let currentVersion: UInt16 = 1

    /// Control and bulk travel apart, since a control frame can't overtake megabytes in one socket's buffer.
    package enum Purpose: UInt8, Hashable, Sendable {
        case control = 0
        case bulk = 1
    }

    package var version: UInt16
    package var purpose: Purpose
    /// Bytes of bulk that the other side may send on a new stream before it gets credit.
    package var window: UInt32
    /// Streams of the other side's making that may be open at once.
    package var maximumStreams: UInt32

    package init(
        version: UInt16 = Self.currentVersion, purpose: Purpose = .control, window: UInt32, maximumStreams: UInt32
    ) {
        self.version = version
        self.purpose = purpose
        self.window = window
        self.maximumStreams = maximumStreams
    }
}
