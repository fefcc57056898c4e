import Crypto
import Foundation
import HoldfastModel

/// Small values, each replaced as a whole: a line of JSON with a version, and a line with the SHA-256 of the first. A digit
/// that a disk changed would otherwise read as another epoch, or as another database to be removed.
enum StateFile {
    static let byteLimit = 1 << 16

    static func read<Value: Decodable>(
        _ type: Value.Type, version: Int, at path: String, on disk: any Disk
    ) async throws -> Value? {
        guard let bytes = try await disk.contents(of: path, limit: byteLimit) else { return nil }
        return try value(type, version: version, from: bytes, path)
    }

    /// - Parameter path: for errors.
    static func value<Value: Decodable>(
        _ type: Value.Type, version: Int, from bytes: [UInt8], _ path: String
    ) throws(HoldfastError) -> Value {
        let json = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let decoder = JSONDecoder()
        guard bytes == sealed(Array(json)), let marker = try? decoder.decode(Marker.self, from: Data(json)) else {
            throw damaged(path)
        }
        guard marker.version == version else {
            throw HoldfastError(
                .unsupported, "\(path) has version \(marker.version); this program knows \(version): update it")
        }
        guard let value = try? decoder.decode(type, from: Data(json)) else { throw damaged(path) }
        return value
    }

    static func write(_ value: some Encodable, at path: String, on disk: any Disk) async throws {
        try await disk.replace(path, with: try bytes(of: value))
    }

    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return sealed(Array(try encoder.encode(value)))
    }

    /// A line as it stands in a file.
    static func sealed(_ json: [UInt8]) -> [UInt8] {
        json + Array("\n\(SHA256.hash(data: json).map { $0 }.hexadecimal)\n".utf8)
    }

    private static func damaged(_ path: String) -> HoldfastError {
        HoldfastError(
            .corrupt,
            "\(path) in the data directory is not what was written: put back a copy of it, or join the node anew")
    }

    private struct Marker: Decodable {
        var version: Int
    }
}
