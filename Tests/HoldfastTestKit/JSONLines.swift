import Foundation

/// What a program says, one JSON object in a line.
final class JSONLines {
    private let pipe: Pipe
    private var rest = Data()

    init(_ pipe: Pipe) { self.pipe = pipe }

    /// Waits for the next one.
    func next<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[..<end]
                rest = Data(rest[rest.index(after: end)...])
                return try JSONDecoder().decode(Value.self, from: line)
            }
            let more = pipe.fileHandleForReading.availableData
            guard !more.isEmpty else { throw CocoaError(.fileReadUnknown) }
            rest += more
        }
    }
}
