import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    private static let environment = "/projects/{project}/environments/{environment}"
    private static let place: [Field] = [
        .optional("node", .text(pattern: Field.namePattern), "The node whose worker reaches the services."),
        .optional("region", .text(pattern: Field.namePattern), "The region whose nodes do, in place of one node."),
        .optional("undoWindowSeconds", .integer(0...90 * 86_400), "How long a restore's old content is kept."),
    ]

    static let projects: [APIRoute] = [
        APIRoute(.get, "/projects", .projectList, "The projects.", .page(ProjectSummary.self, key: "name")) { _ in
            .projectList
        },
        APIRoute(
            .post, "/projects", .projectCreate, "Create a project, with a key of its own.",
            body: [
                .required("name", .text(pattern: Field.namePattern), "Its name."),
                .optional(
                    "policy", .text(pattern: Field.namePattern), "The placement policy, in place of what follows."),
                .optional("copies", .integer(1...9), "How many nodes hold each object; one."),
                .optional("regions", .integer(1...9), "Over how many regions at least; one."),
                .optional("allowedRegions", .texts, "Where data may lie; everywhere."),
            ], .one(ProjectDetail.self)
        ) { values in
            let regions = try values.texts("allowedRegions", Values.name)
            return .projectCreate(
                ProjectCreate(
                    name: try values.need("name", Values.name), copies: values.integer("copies"),
                    regions: values.integer("regions"), allowedRegions: regions.isEmpty ? nil : regions,
                    policy: try values.find("policy", Values.name)))
        },
        APIRoute(.get, "/projects/{project}", .projectShow, "A project.", .one(ProjectDetail.self)) {
            .projectShow(try $0.project())
        },
        APIRoute(
            .put, "/projects/{project}/policy", .projectPolicy, "Give it another placement policy.",
            body: [.required("policy", .text(pattern: Field.namePattern), "The policy's name.")],
            .one(ProjectDetail.self)
        ) { values in
            .projectPolicy(
                ProjectPolicy(project: try values.project(), policy: try values.need("policy", Values.name)))
        },
        APIRoute(
            .post, "/projects/{project}/erase", .projectErase,
            "Erase it with all its backups, so that nobody can read them.", .message
        ) { .projectErase(try $0.project()) },
        APIRoute(
            .post, "/projects/{project}/key", .projectRotateKey, "Seal what it stores from now on with a new key.",
            .message
        ) { .projectRotateKey(try $0.project()) },
        APIRoute(.delete, "/projects/{project}", .projectRemove, "Remove a project nothing is left of.", .message) {
            .projectRemove(try $0.project())
        },
        APIRoute(
            .get, "/environments", .environmentList, "The environments.",
            query: [.optional("project", .text(pattern: Field.namePattern), "Only of this project.")],
            .page(EnvironmentDetail.self, key: "environment")
        ) { .environmentList(project: try $0.find("project", Values.name)) },
        APIRoute(
            .post, "/projects/{project}/environments", .environmentCreate, "Create an environment.",
            body: [.required("name", .text(pattern: Field.namePattern), "Its name.")] + place + [
                .optional(
                    "schedule", .choice(SchedulePreset.allCases.map(\.rawValue) + ["none"]),
                    "When it is backed up; daily.")
            ], .one(EnvironmentDetail.self)
        ) { values in
            var create = EnvironmentCreate(
                environment: EnvironmentReference(
                    project: try values.project(), environment: try values.need("name", Values.name)),
                node: try values.find("node", Values.name), region: try values.find("region", Values.name),
                undoWindowSeconds: values.integer("undoWindowSeconds"))
            if let preset = values.text("schedule") { create.schedule = SchedulePreset(rawValue: preset) }
            return .environmentCreate(create)
        },
        APIRoute(.get, environment, .environmentShow, "An environment.", .one(EnvironmentDetail.self)) {
            .environmentShow(try $0.environment())
        },
        APIRoute(.patch, environment, .environmentChange, "Change it.", body: place, .one(EnvironmentDetail.self)) {
            .environmentChange(
                EnvironmentChange(
                    environment: try $0.environment(), node: try $0.find("node", Values.name),
                    region: try $0.find("region", Values.name),
                    undoWindowSeconds: $0.integer("undoWindowSeconds")))
        },
        APIRoute(.delete, environment, .environmentRemove, "Remove it; its backups stay.", .message) {
            .environmentRemove(try $0.environment())
        },
        APIRoute(
            .post, environment + "/check", .environmentCheck, "Look whether it can be backed up.",
            .one(CheckAnswer.self)
        ) {
            .environmentCheck(try $0.environment())
        },
        APIRoute(
            .put, environment + "/services/{service}", .serviceSet, "Add a service, or change where it is.",
            body: [
                .optional("url", .secret, "Of a database: postgresql://…"),
                .optional("path", .text(), "Of media: the absolute path on the node."),
            ], .one(EnvironmentDetail.self)
        ) { values in
            let service = try values.need("service") { try ServiceReference($0) }
            let location: ServiceSet.Location
            switch (service.kind, values.secret("url"), values.text("path")) {
            case (.database, let url?, nil): location = .database(url: url)
            case (.media, nil, let path?): location = .media(path: path)
            default: throw HoldfastError(.invalidArgument, "A database has a “url”, media has a “path”")
            }
            return .serviceSet(ServiceSet(environment: try values.environment(), service: service, location: location))
        },
        APIRoute(
            .delete, environment + "/services/{service}", .serviceRemove, "Remove a service.",
            .one(EnvironmentDetail.self)
        ) {
            .serviceRemove(try $0.environment(), try $0.need("service") { try ServiceReference($0) })
        },
    ]
}

/// The check of an environment.
struct CheckAnswer: Codable, Sendable {
    var environment: EnvironmentReference
    var report: CheckReport
}
