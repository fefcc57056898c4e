import HoldfastModel

/// One parser, as whoever wants to harm us sees it: bytes go in.
///
/// Whatever they are, what comes out is a value or a `HoldfastError`, in bounded time and memory. Where a format can be
/// written as well, reading and writing again must give the same bytes. `scripts/fuzz` feeds millions; the tests feed what
/// was kept of those, and some thousands more.
struct HostileInput: Sendable {
    enum Parser: Sendable {
        case now(@Sendable ([UInt8]) throws -> Void)
        case later(@Sendable ([UInt8]) async throws -> Void)
    }

    /// What a parser has done that it never may.
    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    let name: String
    /// Good inputs to begin with.
    let seeds: [[UInt8]]
    let parser: Parser

    init(_ name: String, seeds: [[UInt8]], _ parse: @escaping @Sendable ([UInt8]) throws -> Void) {
        (self.name, self.seeds, parser) = (name, seeds, .now(parse))
    }

    init(_ name: String, seeds: [[UInt8]], later parse: @escaping @Sendable ([UInt8]) async throws -> Void) {
        (self.name, self.seeds, parser) = (name, seeds, .later(parse))
    }

    /// Nil where all went as it should; else what is wrong.
    func feed(_ bytes: [UInt8]) async -> String? {
        do {
            switch parser {
            case .now(let parse): try parse(bytes)
            case .later(let parse): try await parse(bytes)
            }
            return nil
        } catch {
            return Self.complaint(about: error)
        }
    }

    static func complaint(about error: any Error) -> String? {
        switch error {
        case let error as HoldfastError:
            // An error is shown to people and crosses the wire: an input must not make it endless.
            return error.message.utf8.count > 4000 ? "an error of \(error.message.utf8.count) bytes" : nil
        default: return "\(error)"
        }
    }

    /// - Throws: `Broken`.
    static func hold(_ holds: Bool, _ what: @autoclosure () -> String) throws(Broken) {
        guard holds else { throw Broken(description: what()) }
    }

    static let all = archive + downloads + wire + reports + node + console + web + postgres + settings + model

    static func named(_ name: String) -> HostileInput? { all.first { $0.name == name } }
}

/// Takes an input apart into the parts that a harness needs; an input that is too short gives zeros and emptiness.
struct Parts {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func all() -> [UInt8] { bytes(rest.count) }

    static func joined(_ parts: [[UInt8]]) -> [UInt8] {
        parts.dropLast().flatMap { [UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 } + (parts.last ?? [])
    }
}
