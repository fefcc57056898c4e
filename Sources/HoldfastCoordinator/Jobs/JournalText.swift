import Foundation
import HoldfastModel

/// An entry of a job's journal: what came of the last action, and what is about to be done.
struct JournalText: Codable, Hashable, Sendable {
    var version = 1
    var text: String

    init(_ text: String) { self.text = text }

    init?(entry: [UInt8]) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(entry)) else { return nil }
        self = value
    }

    var entry: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8]((try? encoder.encode(self)) ?? Data())
    }
}
