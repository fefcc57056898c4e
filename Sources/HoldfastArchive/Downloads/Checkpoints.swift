import HoldfastModel

/// Places along a stream from which it can be taken up: never more than a few, however long the stream.
package struct Checkpoints<Mark: Hashable & Sendable>: Hashable, Sendable {
    package struct Place: Hashable, Sendable {
        /// Bytes of the stream before it.
        package var offset: UInt64
        /// What is needed to go on from there.
        package var mark: Mark
    }

    private static var limit: Int { 128 }

    package private(set) var places: [Place] = []
    /// Of those offered one in so many is taken.
    private var stride: UInt64 = 1
    private var offered: UInt64 = 0

    package init() {}

    /// Takes a place that lies behind the others, or passes it over.
    package mutating func offer(_ offset: UInt64, _ mark: @autoclosure () -> Mark) {
        defer { offered += 1 }
        guard offered.isMultiple(of: stride) else { return }
        if places.count == Self.limit {
            places = places.indices.filter { $0.isMultiple(of: 2) }.map { places[$0] }
            stride *= 2
            guard offered.isMultiple(of: stride) else { return }
        }
        places.append(Place(offset: offset, mark: mark()))
    }

    /// The last at or before `offset`.
    package func place(before offset: UInt64) -> Place? { places.last { $0.offset <= offset } }
}

// MARK: as bytes

extension ByteWriter {
    mutating func checkpoints<Mark>(
        _ checkpoints: Checkpoints<Mark>, _ mark: (inout ByteWriter, Mark) -> Void
    ) {
        integer(UInt16(checkpoints.places.count))
        for place in checkpoints.places {
            integer(place.offset)
            mark(&self, place.mark)
        }
    }
}

extension Checkpoints {
    init(
        _ reader: inout ByteReader, _ mark: (inout ByteReader) throws(HoldfastError) -> Mark
    ) throws(HoldfastError) {
        self.init()
        let count = try reader.integer(UInt16.self)
        guard Int(count) <= Self.limit else { throw reader.damaged("it has too many places") }
        for _ in 0..<count { places.append(Place(offset: try reader.integer(), mark: try mark(&reader))) }
    }
}
