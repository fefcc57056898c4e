import HoldfastCommands
import HoldfastModel
import Hummingbird

/// Choosing what goes where, seeing what it overwrites, watching it, and taking it back.
struct RestorePages: Sendable {
    // MARK: choosing

    private struct New {
        struct Part {
            let value: String
            let title: String
            let hint: String
            let isChosen: Bool
        }

        struct Destination {
            let value: String
            let isChosen: Bool
        }

        let frame: Frame
        let project: String
        let environment: String
        let id: String
        let title: String
        let trigger: String
        let parts: [Part]
        let destinations: [Destination]
    }

    func new(_ visit: Visit, _ id: BackupID) async throws -> Response {
        let backup = try await visit.backup(id).backup
        try visit.require(.operator, in: backup.environment.project)
        let destinations = try await visit.environments().map(\.environment)
            .filter { visit.principal.has(.operator, in: $0.project) }
        let page = New(
            frame: Frame(title: "Restore", in: .projects, visit), project: backup.environment.project.text,
            environment: "\(backup.environment)", id: id.text, title: Words.time(backup.createdAt),
            trigger: Words.trigger(backup.trigger).lowercased(),
            parts: backup.parts.map {
                New.Part(
                    value: "\($0.service)", title: Words.service($0.service),
                    hint: HumanText.size($0.sizes.logicalBytes), isChosen: true)
            },
            destinations: destinations.map { New.Destination(value: "\($0)", isChosen: $0 == backup.environment) })
        return try .page(Templates.render(page, as: "restore-new"))
    }

    // MARK: what it would do

    private struct Plan {
        struct Line {
            let title: String
            let location: String
        }

        struct Problem {
            let tone: String
            let text: String
        }

        let frame: Frame
        let project: String
        let id: String
        let title: String
        let destination: String
        let overwritten: [Line]
        let steps: [String]
        let problems: [Problem]
        let parts: [String]
        let isGood: Bool
    }

    func plan(
        _ visit: Visit, _ id: BackupID, parts: [String], to destination: String, problem: String? = nil
    ) async throws -> Response {
        let request = try Self.request(id, parts, destination)
        let plan: RestorePlanResult = try await visit.get(.restorePlan(request)) {
            if case .restorePlan(let value) = $0 { value } else { nil }
        }
        let page = Plan(
            frame: Frame(title: "Restore into \(plan.destination)", in: .projects, visit, problem: problem),
            project: plan.backup.environment.project.text, id: id.text, title: Words.time(plan.backup.createdAt),
            destination: "\(plan.destination)",
            overwritten: plan.willBeOverwritten.map {
                Plan.Line(title: Words.service($0.service), location: $0.location)
            }, steps: Self.steps(of: plan),
            problems: plan.report.problems.map {
                Plan.Problem(tone: $0.severity == .error ? "bad" : "warn", text: $0.message)
            },
            parts: parts, isGood: plan.report.isGood)
        return try .page(Templates.render(page, as: "restore-plan"), problem == nil ? .ok : .unprocessableContent)
    }

    private static func request(_ id: BackupID, _ parts: [String], _ destination: String) throws -> RestoreRequest {
        guard !parts.isEmpty else {
            throw HoldfastError(.invalidArgument, "Choose what to restore: the database, the media, or both")
        }
        return RestoreRequest(
            backup: id, destination: try EnvironmentReference(destination),
            services: try parts.map { .service(try ServiceReference($0)) }, wait: false)
    }

    private static func steps(of plan: RestorePlanResult) -> [String] {
        let safety =
            plan.takesSafetyBackup
            ? "What will be overwritten is backed up first." : "No backup is made of what will be overwritten."
        guard plan.report.inPlace.isEmpty else {
            let names = Words.services(plan.report.inPlace)
            return [
                safety, "\(names) is locked for as long as loading takes, and replaced in one transaction.",
                "To undo it, the safety backup is restored.",
            ]
        }
        return [
            safety, "The backup is made ready beside what is there, and checked.",
            "Both change places at once: until then, nothing is touched.",
            plan.undoWindowSeconds > 0
                ? "The old content is kept for \(HumanText.duration(seconds: plan.undoWindowSeconds)), and can be taken back."
                : "The old content is not kept.",
        ]
    }

    func start(_ visit: Visit, _ id: BackupID, _ form: Form) async throws -> Response {
        let destination = try form.need("to", "the destination")
        guard form["confirm"] == destination else {
            return try await plan(
                visit, id, parts: form.all("part"), to: destination,
                problem: "To confirm, type the destination's name: \(destination)")
        }
        do {
            let accepted = try await visit.accepted(
                .restoreStart(try Self.request(id, form.all("part"), destination)))
            return .seeOther("/restores/\(accepted.job)")
        } catch let error as HoldfastError where error.code != .permissionDenied {
            return try await plan(
                visit, id, parts: form.all("part"), to: destination, problem: PageWording.sentence(error))
        }
    }

    // MARK: watching it

    private struct Page {
        struct Step {
            let title: String
            let tone: String
        }

        struct Trouble {
            let reason: String
            let whatToDo: String
        }

        struct Outcome {
            let tone: String
            let text: String
        }

        struct WarningBlock {
            let title: String
            let lines: [String]
        }

        let frame: Frame
        let project: String
        let destination: String
        let source: String
        let when: Moment
        let author: String
        let state: Badge
        let outcome: Outcome?
        let attention: Trouble?
        let steps: [Step]
        let isRunning: Bool
        let waits: String
        let what: String
        let safety: String?
        let undoUntil: String?
        let id: String
        let warnings: WarningBlock?
        let mayUndo: Bool
        let mayCancel: Bool
        let mayOperate: Bool
    }

    func show(_ visit: Visit, _ job: JobID, problem: String? = nil) async throws -> Response {
        let restore: RestoreDetail = try await visit.get(.restoreShow(job)) {
            if case .restore(let value) = $0 { value } else { nil }
        }
        let operates = visit.principal.has(.operator, in: restore.destination.project) && !visit.principal.isReadOnly
        let isRunning = [.running, .waiting].contains(restore.status)
        let source =
            switch restore.source {
            case .backup: "From a backup"
            case .kept: "Taking back an earlier restore"
            }
        let page = Page(
            frame: Frame(
                title: "Restore into \(restore.destination)", in: .projects, visit, problem: problem,
                refresh: isRunning),
            project: restore.destination.project.text, destination: "\(restore.destination)", source: source,
            when: Moment(restore.createdAt, visit.now), author: restore.author,
            state: restore.undoneBy == nil ? Words.badge(restore.status) : Badge("Undone", ""),
            outcome: outcome(of: restore),
            attention: restore.attention.map {
                Page.Trouble(
                    reason: PageWording.text($0.reason.message), whatToDo: PageWording.text($0.whatToDo))
            },
            steps: steps(of: restore), isRunning: isRunning,
            waits: restore.waitingFor.map { "Waits for \($0)" } ?? "",
            what: Words.services(restore.mappings.map(\.to)), safety: restore.safetyBackup?.text,
            undoUntil: restore.undoneBy == nil ? restore.undoUntil.map(Words.time) : nil, id: job.text,
            warnings: restore.warnings.count > 0
                ? Page.WarningBlock(
                    title: HumanText.count(restore.warnings.count, "warning"), lines: restore.warnings.first) : nil,
            mayUndo: operates && restore.status == .succeeded && restore.undoneBy == nil
                && (restore.undoUntil.map { visit.now < $0 } ?? false),
            mayCancel: operates && isRunning, mayOperate: operates)
        return try .page(Templates.render(page, as: "restore"), problem == nil ? .ok : .conflict)
    }

    private func outcome(of restore: RestoreDetail) -> Page.Outcome? {
        if let undo = restore.undoneBy { return .init(tone: "", text: "It was undone by restore \(undo).") }
        switch restore.status {
        case .succeeded: return .init(tone: "good", text: "\(restore.destination) has the backup's content.")
        case .failed:
            let why = restore.failure.map { PageWording.sentence($0) + " " } ?? ""
            return .init(tone: "bad", text: "\(why)\(restore.destination) holds its old content, unchanged.")
        case .cancelled:
            return .init(tone: "", text: "It was called off. \(restore.destination) holds its old content.")
        default: return nil
        }
    }

    private static let order: [(RestoreSaga.Step, String)] = [
        (.check, "Look at the destination"), (.safetyBackup, "Back up what will be overwritten"),
        (.stage, "Make the backup's content ready beside it"), (.verify, "Check it"), (.swap, "Change places"),
        (.confirm, "Look whether it is there"),
    ]

    private func steps(of restore: RestoreDetail) -> [Page.Step] {
        if restore.step == .unwind || restore.step == .ended && restore.status != .succeeded {
            return [Page.Step(title: "Went back to the old content", tone: "stopped")]
        }
        let shown: RestoreSaga.Step =
            switch restore.step {
            case .claim: .check
            case .release: .confirm
            default: restore.step
            }
        let list = Self.order.filter { $0.0 != .safetyBackup || restore.safetyBackup != nil }
        let current = list.firstIndex { $0.0 == shown } ?? list.count
        return list.enumerated().map { index, step in
            let tone = index < current ? "done" : index > current ? "" : restore.attention == nil ? "now" : "stopped"
            return Page.Step(title: step.1, tone: tone)
        }
    }

    func undo(_ visit: Visit, _ job: JobID, _ form: Form) async throws -> Response {
        let restore: RestoreDetail = try await visit.get(.restoreShow(job)) {
            if case .restore(let value) = $0 { value } else { nil }
        }
        guard form["confirm"] == "\(restore.destination)" else {
            return try await show(
                visit, job, problem: "To confirm, type the destination's name: \(restore.destination)")
        }
        return try await act(visit, job) {
            let accepted = try await visit.accepted(.restoreUndo(UndoRequest(restore: job, wait: false)))
            return .seeOther("/restores/\(accepted.job)")
        }
    }

    func cancel(_ visit: Visit, _ job: JobID) async throws -> Response {
        try await act(visit, job) {
            _ = try await visit.perform(.restoreCancel(job))
            return .seeOther("/restores/\(job)", done: .cancelled)
        }
    }

    func resume(_ visit: Visit, _ job: JobID) async throws -> Response {
        try await act(visit, job) {
            _ = try await visit.perform(.restoreResume(job))
            return .seeOther("/restores/\(job)")
        }
    }

    private func act(_ visit: Visit, _ job: JobID, _ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let error as HoldfastError where error.code != .permissionDenied && error.code != .notFound {
            return try await show(visit, job, problem: PageWording.sentence(error))
        }
    }
}
