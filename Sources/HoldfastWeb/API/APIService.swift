import Foundation
import HTTPTypes
import HoldfastCommands
import HoldfastModel
import Hummingbird
import Logging
import NIOCore

/// Answers whatever is asked below `/api/v1`.
struct APIService: Sendable {
    let commands: any CommandService
    let identity: WebIdentity
    let limits: WebLimits
    let isBehindProxy: Bool
    let time: any TimeSource
    let logger: Logger
    let contents: ContentService
    private let routes: [APIRoute]
    private let document: [UInt8]
    private let watchers: Slots

    static let key = HTTPField.Name.known("Idempotency-Key")
    static let repeated = HTTPField.Name.known("Idempotency-Replayed")

    init(
        commands: any CommandService, identity: WebIdentity, limits: WebLimits, isBehindProxy: Bool,
        time: any TimeSource, logger: Logger, contents: ContentService? = nil, routes: [APIRoute] = APIRoutes.all
    ) {
        self.contents =
            contents
            ?? ContentService(
                commands: commands, slots: Slots(limits.transfers, each: limits.transfersPerAddress), time: time,
                logger: logger)
        self.commands = commands
        self.identity = identity
        self.limits = limits
        self.isBehindProxy = isBehindProxy
        self.time = time
        self.logger = logger
        self.routes = routes
        document = APIJSON.bytes(of: OpenAPIDocument(routes).json)
        watchers = Slots(limits.watchers, each: limits.watchersPerUser)
    }

    func answer(_ request: Request, _ context: WebContext) async -> Response {
        do {
            return try await answered(request, context)
        } catch let problem as Problem {
            return problem.response()
        } catch {
            let error = HoldfastError(error)
            if error.code == .internal { logger.error("A request failed: \(error)") }
            return Problem(error).response()
        }
    }

    private func answered(_ request: Request, _ context: WebContext) async throws -> Response {
        let path = try segments(of: request)
        if path == ["openapi.json"], request.method == .get {
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: document)))
        }
        let (route, found) = try find(request.method, path)
        // Before anything of a stranger's is read.
        let address = context.address(of: request, isBehindProxy: isBehindProxy)
        let (principal, origin) = try await identity.principal(
            of: request.headers, isChange: request.method != .get, address: address)
        var values = try query(of: request, route)
        try values.add(found, of: route.pathFields)
        let body = try await APIBody(request, limit: limits.bodyBytes, timeout: limits.bodyTimeout, time: time).fields(
            route.body)
        values.all.merge(body) { first, _ in first }
        let command = try route.command(values)
        if case .events = route.answer {
            return try await events(command, principal, origin, request.headers)
        }
        if case .content = route.answer {
            guard case .backupGet(let get) = command else { throw HoldfastError(.internal, "Only backups give bytes") }
            return try await contents.answer(request, get, as: principal, from: origin)
        }
        if route.isCreating, let key = request.headers[Self.key] {
            let (result, isRepeated) = try await commands.perform(command, as: principal, from: origin, once: key)
            return try respond(route, result, values, isRepeated ? [Self.repeated: "true"] : [:])
        }
        return try respond(route, try await perform(route, command, principal, origin), values)
    }

    // MARK: reading

    private func segments(of request: Request) throws -> [String] {
        let path = request.uri.path.dropFirst(APIRoute.base.count)
        return try path.split(separator: "/").map { segment in
            guard let text = String(segment).removingPercentEncoding else {
                throw HoldfastError(.invalidArgument, "The address is not encoded as addresses are")
            }
            return text
        }
    }

    private func find(_ method: HTTPRequest.Method, _ path: [String]) throws -> (APIRoute, [String: String]) {
        // A word stands before a field: `/users/invitations` is no user.
        let matching = routes.compactMap { route in route.match(path).map { (route, $0) } }
            .sorted { $0.1.count < $1.1.count }
        guard let best = matching.first?.1.count else {
            throw HoldfastError(.notFound, "There is nothing at this address: \(APIRoute.base)/openapi.json lists all")
        }
        let here = matching.filter { $0.1.count == best }
        if let match = here.first(where: { $0.0.method == method }) { return match }
        let allowed = Set(here.map { $0.0.method.rawValue }).sorted().joined(separator: ", ")
        throw Problem(
            HoldfastError(
                .invalidArgument, "\(method.rawValue) is not for this address, but \(allowed)",
                context: ["allow": allowed]), status: 405)
    }

    private func query(of request: Request, _ route: APIRoute) throws -> Values {
        var values = Values(all: [:])
        for (name, text) in request.uri.queryParameters {
            guard let field = route.query.first(where: { $0.name == name }) else {
                throw HoldfastError(
                    .invalidArgument, "There is no “\(String(name).printable(limit: 40))” here",
                    context: ["field": String(name).printable(limit: 40)])
            }
            guard values.all.updateValue(try field.read(String(text)), forKey: field.name) == nil else {
                throw HoldfastError(.invalidArgument, "“\(field.name)” stands twice", context: ["field": field.name])
            }
        }
        return values
    }

    // MARK: doing

    /// What begins a job and would follow it answers when the job is accepted; it goes on without us.
    private func perform(
        _ route: APIRoute, _ command: Command, _ principal: Principal, _ origin: Origin
    ) async throws -> CommandResult {
        guard case .accepted = route.answer else {
            return try await commands.perform(command, as: principal, from: origin) { _ in }
        }
        return try await withThrowingTaskGroup(of: CommandResult?.self) { group in
            let (accepted, continuation) = AsyncStream.makeStream(of: Accepted.self)
            group.addTask {
                defer { continuation.finish() }
                return try await commands.perform(command, as: principal, from: origin) { event in
                    if case .accepted(let accepted) = event { continuation.yield(accepted) }
                }
            }
            group.addTask {
                for await accepted in accepted { return .accepted(accepted) }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func respond(
        _ route: APIRoute, _ result: CommandResult, _ values: Values, _ further: HTTPFields = [:]
    ) throws -> Response {
        switch (route.answer, result.payload) {
        case (.page(_, let key, let isNative), .many(let items)):
            let all = try items.map { try APIJSON.value(of: $0) }
            return APIJSON.response(
                .ok, try Page(all, key: key, values.limit, values.text("cursor"), isTurned: isNative), further)
        case (_, .one(let value)): return APIJSON.response(route.status, value, further)
        case (_, .many): throw HoldfastError(.internal, "A list where none is announced")
        }
    }

    private func events(
        _ command: Command, _ principal: Principal, _ origin: Origin, _ headers: HTTPFields
    ) async throws -> Response {
        guard case .jobWatch(let job) = command else { throw HoldfastError(.internal, "Only jobs have events") }
        let identity = identity
        let events = JobEvents(
            commands: commands, job: job, principal: principal, origin: origin,
            present: {
                try await identity.principal(of: headers, isChange: false, address: origin.address, isUse: false)
                    .principal
            }, time: time)
        // Whether there is such a job, and for whom, is told before the first event.
        let journal = try await events.journal()
        let slot = try slot(for: principal)
        let last = headers[.known("Last-Event-ID")].flatMap { Int64($0) } ?? 0
        return Response(
            // Proxies are not to gather it.
            status: .ok, headers: [.contentType: "text/event-stream", .known("X-Accel-Buffering"): "no"],
            body: ResponseBody { writer in
                defer { slot.release() }
                try await events.run(journal, after: last, to: writer)
            })
    }
}

extension APIService {
    private func slot(for principal: Principal) throws(HoldfastError) -> Slot {
        do {
            return try watchers.take(for: Place(principal.user?.text ?? principal.name))
        } catch {
            switch error {
            case .all: throw HoldfastError(.unavailable, "Too many watch jobs now: ask again later")
            case .own:
                throw HoldfastError(
                    .busy, "You watch \(limits.watchersPerUser) jobs already: end one of them first",
                    context: ["retryAfterSeconds": "10"])
            }
        }
    }
}

extension APIRoute {
    /// What the path says for each of its fields; nil where it is another's.
    func match(_ path: [String]) -> [String: String]? {
        let own = segments
        guard own.count == path.count else { return nil }
        var found: [String: String] = [:]
        for (mine, theirs) in zip(own, path) {
            if mine.hasPrefix("{") {
                found[String(mine.dropFirst().dropLast())] = theirs
            } else if mine != theirs {
                return nil
            }
        }
        return found
    }
}

extension Values {
    fileprivate mutating func add(_ found: [String: String], of fields: [Field]) throws {
        for field in fields { all[field.name] = try field.read(found[field.name] ?? "") }
    }
}
