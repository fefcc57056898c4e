import Foundation
import HTTPTypes
import HoldfastModel
import Hummingbird
import NIOCore

/// The body of a request, within its bounds.
struct APIBody {
    let request: Request
    let limit: Int
    let timeout: Duration
    let time: any TimeSource

    init(_ request: Request, limit: Int, timeout: Duration, time: any TimeSource) {
        self.request = request
        self.limit = limit
        self.timeout = timeout
        self.time = time
    }

    /// - Parameter fields: nil where the route takes no body.
    func fields(_ fields: [Field]?) async throws -> [String: JSONValue] {
        let bytes = try await bytes()
        guard let fields else {
            guard bytes.isEmpty else { throw HoldfastError(.invalidArgument, "This takes no body") }
            return [:]
        }
        if !bytes.isEmpty { try requireJSON() }
        return try Self.members(in: bytes, of: fields)
    }

    /// What a body says, each member of its field's kind; nothing where the body is empty.
    ///
    /// - Throws: `malformed`, `invalidArgument`.
    static func members(in bytes: [UInt8], of fields: [Field]) throws(HoldfastError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        if !bytes.isEmpty {
            guard let read = try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes)) else {
                throw HoldfastError(.malformed, "The body is no JSON object")
            }
            members = read.filter { $0.value != .null }
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let field = fields.first(where: { $0.name == name }) else {
                throw HoldfastError(
                    .invalidArgument,
                    "There is no “\(name.printable(limit: 40))” here; there are: \(fields.map(\.name).joined(separator: ", "))",
                    context: ["field": name.printable(limit: 40)])
            }
            try field.check(value)
        }
        if let missing = fields.first(where: { $0.isRequired && members[$0.name] == nil }) {
            throw HoldfastError(.invalidArgument, "“\(missing.name)” is missing", context: ["field": missing.name])
        }
        return members
    }

    /// A body of another type is nothing a form of another site could send as ours.
    private func requireJSON() throws {
        let type = request.headers[.contentType]?.split(separator: ";").first.map {
            $0.filter { $0 != " " }.lowercased()
        }
        guard type == "application/json" else {
            throw Problem(
                HoldfastError(.invalidArgument, "Send the body as Content-Type: application/json"), status: 415)
        }
    }

    func bytes() async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await collect() }
            group.addTask {
                try await time.sleep(for: timeout)
                throw Problem(HoldfastError(.timedOut, "The body did not come in time"), status: 408)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private func collect() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in request.body {
            guard bytes.count + piece.readableBytes <= limit else { throw tooLarge }
            bytes += piece.readableBytesView
        }
        return bytes
    }

    private var tooLarge: HoldfastError { HoldfastError(.tooLarge, "A body has at most \(limit) bytes") }
}
