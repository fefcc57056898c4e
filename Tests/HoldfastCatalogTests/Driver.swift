import Foundation
import HoldfastModel
import Testing

@testable import HoldfastCatalog

/// The drivers that pass the conformance suite.
enum Driver: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { rawValue }

    func withCatalog<Value>(_ body: (any Catalog) async throws -> Value) async throws -> Value {
        switch self {
        case .memory: return try await body(MemoryCatalog())
        case .sqlite:
            return try await withTemporaryDirectory { directory in
                let catalog = try SQLiteCatalog(path: directory + "/catalog.sqlite", entropy: SeededEntropy(seed: 1))
                let value = try await body(catalog)
                try catalog.close()
                return value
            }
        }
    }

    /// With a leader in office.
    func withOffice<Value>(_ body: (any Catalog, Epoch) async throws -> Value) async throws -> Value {
        try await withCatalog { catalog in try await body(catalog, try await catalog.takeOffice(above: Epoch(0))) }
    }
}

func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = NSTemporaryDirectory() + "/holdfast-catalog-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}

struct SeededEntropy: Entropy {
    let seed: UInt64

    func bytes(_ count: Int) -> [UInt8] {
        var generator = SplitMix(state: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

func testJob(_ number: Int) throws -> JobID {
    let digits = String(number)
    return try #require(JobID(String(repeating: "0", count: JobID.length - digits.count) + digits))
}

extension RecordKey {
    static func test(_ key: String) -> RecordKey { RecordKey(.setting, key) }
}

extension Write {
    static func test(
        _ key: String, scope: String = "", group: String = "", order: Int64 = 0, body: String = "body"
    ) -> Write {
        .put(.test(key), scope: scope, group: group, order: order, body: Array(body.utf8))
    }
}

/// The code that `work` fails with; nil where it succeeds.
func code(_ work: () async throws -> Void) async -> ErrorCode? {
    do {
        try await work()
        return nil
    } catch {
        return (error as? HoldfastError)?.code ?? .internal
    }
}
