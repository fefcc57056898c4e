import HTTPTypes
import HoldfastCommands

/// The API in OpenAPI 3.1, written from its table of routes.
struct OpenAPIDocument {
    let json: JSONValue
    /// Types of which it only says that there is something.
    let opaque: Set<String>

    init(_ routes: [APIRoute], version: String = "1") {
        let schemas = Schemas()
        var paths: [String: JSONValue] = [:]
        for route in routes {
            guard case .object(var operations) = paths[route.path] ?? [:] else { continue }
            operations[route.method.rawValue.lowercased()] = Self.operation(route, schemas)
            paths[route.path] = .object(operations)
        }
        var components = schemas.components
        components["Problem"] = Problem.schema
        opaque = schemas.opaque
        json = [
            "openapi": "3.1.0",
            "info": [
                "title": "Holdfast", "version": .string(version),
                "description":
                    "Backups and restores of web projects. Keys of answers are added in later versions, never renamed.",
            ],
            "servers": [["url": .string(APIRoute.base)]], "paths": .object(paths),
            "security": [["token": []], ["session": [], "form": []]],
            "components": [
                "schemas": .object(components),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"],
                    "session": ["type": "apiKey", "in": "cookie", "name": .string(SessionCookie.plainName)],
                    "form": ["type": "apiKey", "in": "header", "name": "X-Holdfast-Form"],
                ],
            ],
        ]
    }

    private static func operation(_ route: APIRoute, _ schemas: Schemas) -> JSONValue {
        var operation: [String: JSONValue] = [
            "summary": .string(route.about), "operationId": .string(operationID(route)),
            "tags": [.string(String(route.kind.rawValue.split(separator: " ")[0]))],
            "description": .string("Stands for `\(route.kind.rawValue)`."),
            "responses": [
                "\(route.status.code)": answer(route, schemas),
                "default": [
                    "description": "What went wrong.",
                    "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
                ],
            ],
        ]
        if case .content = route.answer, case .object(var responses) = operation["responses"] {
            responses["206"] = responses["\(route.status.code)"]
            for (code, about) in [("304", "It is what the client has."), ("416", "There is no such range.")] {
                responses[code] = ["description": .string(about)]
            }
            operation["responses"] = .object(responses)
        }
        var parameters = route.pathFields.map { parameter($0, "path", schemas) }
        parameters += route.query.map { parameter($0, "query", schemas) }
        if route.isCreating {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "schema": ["type": "string", "maxLength": 200],
                "description": "Within a day, the same request under the same key is done once.",
            ])
        }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if let body = route.body {
            let properties = Dictionary(uniqueKeysWithValues: body.map { ($0.name, property($0, schemas)) })
            operation["requestBody"] = [
                "required": .boolean(body.contains(where: \.isRequired)),
                "content": [
                    "application/json": [
                        "schema": [
                            "type": "object", "properties": .object(properties), "additionalProperties": false,
                            "required": .array(body.filter(\.isRequired).map { .string($0.name) }),
                        ]
                    ]
                ],
            ]
        }
        return .object(operation)
    }

    /// Such as `get-backups-backup`.
    private static func operationID(_ route: APIRoute) -> String {
        ([route.method.rawValue.lowercased()] + route.segments.map { $0.filter { $0 != "{" && $0 != "}" } })
            .joined(separator: "-")
    }

    private static func parameter(_ field: Field, _ place: JSONValue, _ schemas: Schemas) -> JSONValue {
        [
            "name": .string(field.name), "in": place, "required": .boolean(field.isRequired),
            "description": .string(field.about), "schema": schema(field, schemas),
        ]
    }

    private static func property(_ field: Field, _ schemas: Schemas) -> JSONValue {
        guard case .object(var schema) = schema(field, schemas), schema["$ref"] == nil else {
            return schema(field, schemas)
        }
        schema["description"] = .string(field.about)
        return .object(schema)
    }

    private static func schema(_ field: Field, _ schemas: Schemas) -> JSONValue {
        switch field.kind {
        case .text(let pattern?): ["type": "string", "pattern": .string(pattern)]
        case .text(nil): ["type": "string"]
        case .secret: ["type": "string", "format": "password"]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
                "maximum": .integer(Int64(range.upperBound)),
            ]
        case .flag: ["type": "boolean"]
        case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .texts: ["type": "array", "items": ["type": "string"], "maxItems": 1000]
        case .value(let type): schemas.schema(of: type)
        }
    }

    private static func answer(_ route: APIRoute, _ schemas: Schemas) -> JSONValue {
        let (kind, schema): (String, JSONValue) =
            switch route.answer {
            case .one(let type): ("application/json", schemas.schema(of: type))
            case .page(let type, _, _): ("application/json", page(schemas.schema(of: type)))
            case .message: ("application/json", schemas.schema(of: Message.self))
            case .accepted: ("application/json", schemas.schema(of: Accepted.self))
            case .events: ("text/event-stream", ["type": "string"])
            case .content: ("", [:])
            }
        if case .content(let types) = route.answer {
            let schema: JSONValue = ["schema": ["type": "string", "format": "binary"]]
            return [
                "description": .string(route.about),
                "content": .object(Dictionary(uniqueKeysWithValues: types.map { ($0, schema) })),
            ]
        }
        return ["description": .string(route.about), "content": [kind: ["schema": schema]]]
    }

    private static func page(_ item: JSONValue) -> JSONValue {
        [
            "type": "object",
            "properties": ["items": ["type": "array", "items": item], "next": ["type": "string"]],
            "required": ["items"],
        ]
    }
}
