import HoldfastCommands
import HoldfastModel
import Hummingbird

/// The projects, and what they are made of.
struct ProjectPages: Sendable {
    // MARK: all projects

    private struct Overview {
        struct Entry {
            let name: String
            let health: Badge
            let environments: [Line]
            let mayOwn: Bool
        }

        struct Line {
            struct Last {
                let id: String
                let when: Moment
                let size: String
            }

            let name: String
            let health: Badge
            let last: Last?
            let next: String
            let trouble: String?
        }

        struct Trouble {
            let what: String
            let reason: String
            let whatToDo: String
            let job: String
        }

        let frame: Frame
        let mayCreate: Bool
        let attention: [Trouble]
        let alarm: String?
        let projects: [Entry]
    }

    func overview(_ visit: Visit) async throws -> Response {
        let environments = Dictionary(grouping: try await visit.environments(), by: \.environment.project)
        let status = try await visit.clusterStatus()
        let projects = try await visit.projects().map { project in
            let own = environments[project.name] ?? []
            return Overview.Entry(
                name: project.name.text, health: Health.badge(of: own.map { Health(of: $0, at: visit.now) }),
                environments: own.map { line($0, visit.now) }, mayOwn: visit.principal.has(.owner, in: project.name))
        }
        let attention = status.needingAttention.compactMap { job in
            job.attention.map { attention in
                Overview.Trouble(
                    what: "\(Words.kind(job.kind)) of \(job.environment)",
                    reason: PageWording.text(attention.reason.message),
                    whatToDo: PageWording.text(attention.whatToDo), job: job.id.text)
            }
        }
        let page = Overview(
            frame: Frame(title: "Projects", in: .projects, visit), mayCreate: visit.principal.isAdministrator,
            attention: attention, alarm: Self.alarm(status.retention), projects: projects)
        return try .page(Templates.render(page, as: "projects"))
    }

    static func alarm(_ status: RetentionStatus?) -> String? {
        guard let pause = status?.pause else { return nil }
        return
            "The cluster's clock jumped at \(Words.time(pause.noticedAt)): no backup goes until it has been steady for a day."
    }

    private func line(_ environment: EnvironmentDetail, _ now: Timestamp) -> Overview.Line {
        let health = Health(of: environment, at: now)
        return Overview.Line(
            name: environment.environment.environment.text, health: health.badge,
            last: environment.lastBackup.map {
                Overview.Line.Last(
                    id: $0.id.text, when: Moment($0.createdAt, now), size: HumanText.size($0.totals.logicalBytes))
            },
            next: Self.next(environment.schedule, now), trouble: health.trouble)
    }

    static func next(_ schedule: ScheduleDetail?, _ now: Timestamp) -> String {
        guard let schedule else { return "none: no schedule" }
        if schedule.pausedAt != nil { return "none: paused" }
        return schedule.nextRuns.first.map { Words.distance($0.startsAt, from: now) } ?? "none"
    }

    // MARK: a new one

    private struct New {
        let frame: Frame
        let name: String
        let copies: String
        let nodes: String
    }

    func new(_ visit: Visit, name: String = "", copies: String = "1", problem: String? = nil) async throws -> Response {
        try visit.requireAdministrator()
        let nodes = try await visit.nodes()
        let page = New(
            frame: Frame(title: "New project", in: .projects, visit, problem: problem), name: name, copies: copies,
            nodes: HumanText.count(nodes.count, "node"))
        return try .page(Templates.render(page, as: "project-new"), problem == nil ? .ok : .unprocessableContent)
    }

    func create(_ visit: Visit, _ form: Form) async throws -> Response {
        do {
            let name = try Name(form.need("name", "Name"))
            let create = ProjectCreate(name: name, copies: try form.number("copies", "The number of copies") ?? 1)
            _ = try await visit.perform(.projectCreate(create))
            return .seeOther("/projects/\(name)/environments/new", done: .created)
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await new(
                visit, name: form["name"] ?? "", copies: form["copies"] ?? "1", problem: PageWording.sentence(error))
        }
    }

    // MARK: environments

    private struct NewEnvironment {
        let frame: Frame
        let project: String
        let name: String
        let media: String
        let nodes: [String]
        let hasNodes: Bool
    }

    func newEnvironment(
        _ visit: Visit, _ project: Name, name: String = "", media: String = "", problem: String? = nil
    ) async throws -> Response {
        try visit.require(.owner, in: project)
        let nodes = try await visit.nodes()
        let page = NewEnvironment(
            frame: Frame(title: "New environment of \(project)", in: .projects, visit, problem: problem),
            project: project.text, name: name, media: media, nodes: nodes.map(\.name.text), hasNodes: nodes.count > 1)
        return try .page(Templates.render(page, as: "environment-new"), problem == nil ? .ok : .unprocessableContent)
    }

    func createEnvironment(_ visit: Visit, _ project: Name, _ form: Form) async throws -> Response {
        do {
            let environment = EnvironmentReference(
                project: project, environment: try Name(form.need("name", "Name")))
            let create = EnvironmentCreate(
                environment: environment, node: try form["node"].map { try Name($0) },
                schedule: SchedulePreset(rawValue: form["schedule"] ?? "none"))
            do {
                _ = try await visit.perform(.environmentCreate(create))
            } catch let error as HoldfastError where error.code == .alreadyExists {
                // Sent again after one of its services was refused: the environment is there, and gets what it lacks.
                let detail = try await visit.environment(environment)
                guard detail.services.isEmpty else { throw error }
            }
            try await setServices(visit, environment, form)
            return .seeOther("/environments/\(environment)", done: .created)
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await newEnvironment(
                visit, project, name: form["name"] ?? "", media: form["media"] ?? "",
                problem: PageWording.sentence(error))
        }
    }

    private func setServices(_ visit: Visit, _ environment: EnvironmentReference, _ form: Form) async throws {
        if let url = form["database"] {
            _ = try await visit.perform(
                .serviceSet(
                    ServiceSet(
                        environment: environment, service: ServiceReference(.database),
                        location: .database(url: Secret(url)))))
        }
        if let path = form["media"] {
            _ = try await visit.perform(
                .serviceSet(
                    ServiceSet(
                        environment: environment, service: ServiceReference(.media), location: .media(path: path))))
        }
    }

    private struct Page {
        struct Line {
            let title: String
            let reference: String
            let location: String
            let environment: String
            let form: String
        }

        struct Problem {
            let tone: String
            let text: String
        }

        let frame: Frame
        let project: String
        let name: String
        let services: [Line]
        let problems: [Problem]
        let facts: [String]
        let mayOwn: Bool
        let mayOperate: Bool
    }

    func environment(
        _ visit: Visit, _ environment: EnvironmentReference, report: CheckReport? = nil, problem: String? = nil
    ) async throws -> Response {
        let detail = try await visit.environment(environment)
        var problems = (report?.problems ?? []).map {
            Page.Problem(tone: $0.severity == .error ? "bad" : "warn", text: $0.message)
        }
        if let report, report.isGood {
            problems.insert(Page.Problem(tone: "good", text: "It can be backed up."), at: 0)
        }
        let facts = (report?.services ?? []).map { service in
            "\(Words.service(service.service)): "
                + service.facts.map { "\($0.label) \($0.value)" }.joined(separator: ", ")
        }
        var frame = Frame(title: "\(environment)", in: .projects, visit, problem: problem)
        if report != nil { frame.said = nil }
        let page = Page(
            frame: frame, project: environment.project.text, name: environment.environment.text,
            services: detail.services.map {
                Page.Line(
                    title: Words.service($0.service), reference: "\($0.service)", location: $0.location,
                    environment: environment.environment.text, form: frame.form)
            },
            problems: problems, facts: facts, mayOwn: visit.principal.has(.owner, in: environment.project),
            mayOperate: visit.principal.has(.operator, in: environment.project))
        return try .page(Templates.render(page, as: "environment"), problem == nil ? .ok : .unprocessableContent)
    }

    func setService(_ visit: Visit, _ environment: EnvironmentReference, _ form: Form) async throws -> Response {
        do {
            try await setServices(visit, environment, form)
            return .seeOther("/environments/\(environment)", done: .saved)
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await self.environment(visit, environment, problem: PageWording.sentence(error))
        }
    }

    func removeService(_ visit: Visit, _ environment: EnvironmentReference, _ form: Form) async throws -> Response {
        let service = try ServiceReference(form.need("service", "Service"))
        _ = try await visit.perform(.serviceRemove(environment, service))
        return .seeOther("/environments/\(environment)", done: .removed)
    }

    func check(_ visit: Visit, _ environment: EnvironmentReference) async throws -> Response {
        let report: CheckReport = try await visit.get(.environmentCheck(environment)) {
            if case .check(_, let report) = $0 { report } else { nil }
        }
        return try await self.environment(visit, environment, report: report)
    }
}
