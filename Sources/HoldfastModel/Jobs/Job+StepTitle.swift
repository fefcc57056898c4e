extension RestoreSaga.Step {
    /// The step in people's words.
    package var title: String {
        switch self {
        case .safetyBackup: "safety backup"
        case .kept: "kept for undo"
        case .unwind: "going back"
        default: rawValue
        }
    }
}

extension Job {
    /// A step of any machine in people's words; a name that is none of ours as it is.
    package static func stepTitle(_ name: String) -> String {
        RestoreSaga.Step(rawValue: name)?.title ?? CollectMachine.Step(rawValue: name)?.title ?? name
    }
}

extension JobMachine {
    package var stepTitle: String { Job.stepTitle(stepName) }
}
