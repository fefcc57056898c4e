/// One message's place on a connection: odd where the dialer opened it, even where the listener did; 0 is the connection.
package struct StreamID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package static let connection = StreamID(0)

    package let number: UInt32

    package init(_ number: UInt32) { self.number = number }

    package var description: String { String(number) }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
