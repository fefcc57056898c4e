import Foundation
import HoldfastModel
import Yams

/// A YAML file of settings. A key that isn't one of ours is an error: a misspelt setting must not be silently ignored.
protocol ConfigurationFile: Codable {
    associatedtype Key: CodingKey & CaseIterable
    /// `coordinator` or `node`, for messages.
    static var what: String { get }
}

extension ConfigurationFile {
    static var sizeLimit: Int { 1 << 20 }

    static func load(_ path: String) throws -> Self {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw HoldfastError(
                .notFound, "The \(what) configuration \(path.printable()) can't be read: is the path right?")
        }
        guard data.count <= sizeLimit else {
            throw HoldfastError(.tooLarge, "The \(what) configuration \(path.printable()) is over 1 MiB")
        }
        do {
            return try parse(String(decoding: data, as: UTF8.self))
        } catch let error as HoldfastError {
            throw error.during("In \(path)")
        }
    }

    static func parse(_ text: String) throws -> Self {
        do {
            try refuseUnknownKeys(in: text)
            return try YAMLDecoder().decode(Self.self, from: text)
        } catch let error as DecodingError {
            throw HoldfastError(.invalidArgument, explain(error))
        } catch let error as YamlError {
            throw HoldfastError(.invalidArgument, "This is not YAML: \(error)".printable(limit: 400))
        }
    }

    private static func refuseUnknownKeys(in text: String) throws {
        guard let mapping = try Yams.compose(yaml: text)?.mapping else {
            throw HoldfastError(.invalidArgument, "The \(what) configuration must be a list of “key: value” lines")
        }
        let known = Key.allCases.map(\.stringValue)
        for key in mapping.keys.compactMap(\.string) where !known.contains(key) {
            throw HoldfastError(
                .invalidArgument,
                "“\(key.printable(limit: 60))” is no setting of a \(what); there are: \(known.joined(separator: ", "))")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        func name(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        return switch error {
        case .keyNotFound(let key, _): "The setting “\(key.stringValue)” is missing"
        case .typeMismatch(let type, let context): "The setting “\(name(context.codingPath))” must be a \(type)"
        case .valueNotFound(_, let context): "The setting “\(name(context.codingPath))” has no value"
        case .dataCorrupted(let context) where context.underlyingError is HoldfastError:
            (context.underlyingError as? HoldfastError)?.message ?? ""
        case .dataCorrupted(let context):
            "The setting “\(name(context.codingPath))” is not valid: \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }

    func save(_ path: String, mode: mode_t = 0o600) throws {
        try PrivateFile.write(YAMLEncoder().encode(self), to: path, mode: mode)
    }
}
