import HTTPTypes
import HoldfastCommands
import HoldfastModel

/// One way of the API: where it is, what it takes, the one command it stands for, and what it answers. The table of these
/// drives routing, the OpenAPI document and the tests.
struct APIRoute: Sendable {
    enum Answer: Sendable {
        case one(any (Codable & Sendable).Type)
        /// A page; `key` names each of its items.
        case page(any (Codable & Sendable).Type, key: String, isNative: Bool = false)
        /// A sentence of what was done.
        case message
        /// The job that goes on by itself.
        case accepted
        /// Server-sent events until the job ends.
        case events
        /// The bytes of a file of one of these types, of which ranges can be asked for.
        case content([String])
    }

    var method: HTTPRequest.Method
    /// Below `/api/v1`, with fields of the path in braces.
    var path: String
    var kind: Command.Kind
    var about: String
    /// In path order; then those of the query.
    var pathFields: [Field] = []
    var query: [Field] = []
    /// Nil takes no body.
    var body: [Field]?
    var answer: Answer
    var command: @Sendable (Values) throws -> Command

    init(
        _ method: HTTPRequest.Method, _ path: String, _ kind: Command.Kind, _ about: String, query: [Field] = [],
        body: [Field]? = nil, _ answer: Answer, command: @escaping @Sendable (Values) throws -> Command
    ) {
        self.method = method
        self.path = path
        self.kind = kind
        self.about = about
        self.query = query
        self.body = body
        self.answer = answer
        self.command = command
        pathFields = Self.fields(of: path)
        if case .page = answer { self.query += Self.paging }
    }

    static let base = "/api/v1"

    var segments: [Substring] { path.split(separator: "/") }

    /// Whether it makes something, so that a key keeps it from being made twice.
    var isCreating: Bool {
        if case .accepted = answer { return kind != .backupVerify && method == .post }
        return method == .post
            && [.userCreate, .userInvite, .tokenCreate, .noticeAdd, .projectCreate, .environmentCreate, .nodeToken]
                .contains(kind)
    }

    var status: HTTPResponse.Status {
        switch answer {
        case .accepted: .accepted
        case .one where isCreating: .created
        default: .ok
        }
    }

    static let defaultPage = 100
    static let paging: [Field] = [
        .optional("limit", .integer(1...1000), "How many at most; 100 unless said otherwise."),
        .optional("cursor", .text(), "The `next` of the page before."),
    ]

    private static func fields(of path: String) -> [Field] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            let name = String(segment.dropFirst().dropLast())
            switch name {
            case "project", "environment", "user", "node":
                return .required(name, .text(pattern: Field.namePattern), "The \(name)'s name.")
            case "service": return .required(name, .text(), "`database`, `media`, or one by name: `media:uploads`.")
            default: return .required(name, .text(pattern: Field.idPattern), "The \(name)'s identifier.")
            }
        }
    }
}

extension Values {
    /// Of a path with both names in it.
    func environment() throws -> EnvironmentReference {
        EnvironmentReference(project: try project(), environment: try need("environment") { try Name($0) })
    }

    func project() throws -> Name { try need("project") { try Name($0) } }
    func user() throws -> Name { try need("user") { try Name($0) } }
    func id<Of>(_ name: String, of _: Of.Type = Of.self) throws -> ID<Of> { try need(name, Values.id) }

    /// Services of the kinds and services named; all for none.
    func selectors() throws -> [ServiceSelector] {
        try texts("kinds") { ServiceSelector.kind(try Values.raw($0)) }
            + texts("services") { ServiceSelector.service(try ServiceReference($0)) }
    }

    static func reference(_ text: String) throws -> EnvironmentReference { try EnvironmentReference(text) }
    static func name(_ text: String) throws -> Name { try Name(text) }

    /// The limit of a page that the command itself turns.
    var limit: Int { integer("limit") ?? APIRoute.defaultPage }
}
