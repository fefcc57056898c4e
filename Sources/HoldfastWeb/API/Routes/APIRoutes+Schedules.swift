import HoldfastCommands
import HoldfastModel

extension APIRoutes {
    private static let schedule = "/projects/{project}/environments/{environment}/schedule"
    private static let ofProject = "/projects/{project}/retention"
    private static let ofEnvironment = "/projects/{project}/environments/{environment}/retention"
    private static let rules: [Field] = [
        .required("rules", .value(RetentionRules.self), "What is kept; what they don't mention stays as it is.")
    ]

    static let schedules: [APIRoute] = [
        APIRoute(
            .get, "/schedules", .scheduleList, "The schedules.",
            query: [.optional("project", .text(pattern: Field.namePattern), "Only of this project.")],
            .page(ScheduleDetail.self, key: "environment")
        ) { .scheduleList(project: try $0.find("project", Values.name)) },
        APIRoute(.get, schedule, .scheduleShow, "An environment's schedule.", .one(ScheduleDetail.self)) {
            .scheduleShow(try $0.environment())
        },
        APIRoute(
            .put, schedule, .scheduleSet, "Give an environment a schedule.",
            body: [
                .optional("preset", .choice(SchedulePreset.allCases.map(\.rawValue)), "This, or cron."),
                .optional("cron", .text(), "Five fields: minute, hour, day, month, weekday."),
                .optional("timeZone", .text(), "Such as Europe/Zurich."),
                .optional("kinds", .texts, "Services of these kinds; all."),
                .optional("services", .texts, "These services; all."),
                .optional("jitterSeconds", .integer(0...86_400), "By how much each run is put off at most."),
                .optional("paused", .flag, "Set it, and don't let it run yet."),
            ], .one(ScheduleDetail.self)
        ) { values in
            let preset = try values.find("preset") { ScheduleTiming.preset(try Values.raw($0)) }
            let cron = try values.find("cron") { ScheduleTiming.cron(try CronExpression($0)) }
            guard (preset == nil) != (cron == nil), let timing = preset ?? cron else {
                throw HoldfastError(.invalidArgument, "A schedule has either a “preset” or “cron”")
            }
            return .scheduleSet(
                ScheduleSet(
                    environment: try values.environment(), timing: timing, zone: values.text("timeZone"),
                    services: try values.selectors(), jitterSeconds: values.integer("jitterSeconds"),
                    isPaused: values.flag("paused")))
        },
        APIRoute(.post, schedule + "/pause", .schedulePause, "Pause it.", .one(ScheduleDetail.self)) {
            .schedulePause(try $0.environment())
        },
        APIRoute(.post, schedule + "/resume", .scheduleResume, "Let it go on.", .one(ScheduleDetail.self)) {
            .scheduleResume(try $0.environment())
        },
        APIRoute(.delete, schedule, .scheduleRemove, "Remove it.", .message) {
            .scheduleRemove(try $0.environment())
        },
        APIRoute(.get, ofProject, .retentionShow, "What is kept, in a project.", .one(RetentionDetail.self)) {
            .retentionShow(.project(try $0.project()))
        },
        APIRoute(.put, ofProject, .retentionSet, "Change it.", body: rules, .one(RetentionDetail.self)) {
            .retentionSet(RetentionSet(scope: .project(try $0.project()), rules: try $0.rules()))
        },
        APIRoute(.delete, ofProject, .retentionReset, "As around it.", .one(RetentionDetail.self)) {
            .retentionReset(.project(try $0.project()))
        },
        APIRoute(.get, ofEnvironment, .retentionShow, "What is kept, in an environment.", .one(RetentionDetail.self)) {
            .retentionShow(.environment(try $0.environment()))
        },
        APIRoute(.put, ofEnvironment, .retentionSet, "Change it.", body: rules, .one(RetentionDetail.self)) {
            .retentionSet(RetentionSet(scope: .environment(try $0.environment()), rules: try $0.rules()))
        },
        APIRoute(.delete, ofEnvironment, .retentionReset, "As around it.", .one(RetentionDetail.self)) {
            .retentionReset(.environment(try $0.environment()))
        },
        APIRoute(
            .post, ofEnvironment + "/preview", .retentionPreview,
            "Of every backup why it is kept and when it goes, also under rules that are not saved.",
            body: [.optional("rules", .value(RetentionRules.self), "Rules to try.")], .one(RetentionPreviewResult.self)
        ) { .retentionPreview(RetentionPreview(environment: try $0.environment(), rules: try $0.rules())) },
    ]
}

extension Values {
    fileprivate func rules() throws -> RetentionRules {
        try value("rules", as: RetentionRules.self) ?? RetentionRules()
    }
}
