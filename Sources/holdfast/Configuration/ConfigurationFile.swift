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
        // No more than the limit is read, also of what has no end.
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: sizeLimit + 1) ?? Data()
        else {
            throw HoldfastError(
                .notFound, "The \(what) configuration \(path.printable()) can't be read: is the path right?")
        }
        guard data.count <= sizeLimit else {
            throw HoldfastError(.tooLarge, "The \(what) configuration \(path.printable()) is over 1 MiB")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw HoldfastError(
                .invalidArgument, "The \(what) configuration \(path.printable()) is no UTF-8 text: save it as UTF-8")
        }
        do {
            return try parse(text)
        } catch let error as HoldfastError {
            throw error.during("In \(path)")
        }
    }

    static func parse(_ text: String) throws -> Self {
        do {
            try refuseAliases(in: text)
            try refuseUnknownKeys(in: text)
            return try YAMLDecoder().decode(Self.self, from: text)
        } catch let error as DecodingError {
            throw HoldfastError(.invalidArgument, explain(error))
        } catch let error as YamlError {
            throw HoldfastError(.invalidArgument, "This is not YAML: \(error)".printable(limit: 400))
        }
    }

    /// A few lines of aliases can stand for more words than there are atoms, and no setting needs one.
    private static func refuseAliases(in text: String) throws {
        var (anchors, aliases): (Set<String>, Set<String>) = ([], [])
        for mark in ["&", "*"] as [Character] {
            for piece in text.split(separator: mark, omittingEmptySubsequences: false).dropFirst() {
                let name = String(piece.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
                if mark == "&" { anchors.insert(name) } else { aliases.insert(name) }
            }
        }
        guard let name = anchors.intersection(aliases).filter({ !$0.isEmpty }).min() else { return }
        throw HoldfastError(
            .invalidArgument, "The alias *\(name.prefix(40)) can't be used in settings: write out what it stands for")
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

extension Decoder {
    /// As for a whole file: within a part of it a misspelt setting must not be ignored either.
    func refuseUnknownKeys<Key: CodingKey & CaseIterable>(of _: Key.Type) throws {
        let known = Key.allCases.map(\.stringValue)
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            let part = codingPath.map(\.stringValue).joined(separator: ".")
            let mistake = HoldfastError(
                .invalidArgument,
                "“\(key.stringValue.printable(limit: 60))” is no setting of “\(part)”; there are: "
                    + known.joined(separator: ", "))
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: mistake.message, underlyingError: mistake))
        }
    }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
