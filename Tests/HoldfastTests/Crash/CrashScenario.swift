/// What is under way when a crash comes.
enum CrashScenario: String, CaseIterable {
    case backup, restore, undo
    /// A restore by a role that may not create databases.
    case inPlace
    /// The end of an undo window: old content is dropped.
    case clean
    /// A restore that is called off once it has verified what it staged.
    case cancel
    case delete, verify
    /// The space of a deleted backup is given back.
    case collect
}

/// One crash, or several at once: who dies, and when.
struct CrashCase: CustomStringConvertible {
    enum Moment {
        case at(HaltPoint)
        case after(milliseconds: Int)
    }

    var scenario: CrashScenario
    var moment: Moment
    var victim: Victim
    /// A second crash, some milliseconds after the first one's victims were started again.
    var again: Again?

    struct Again {
        var victim: Victim
        var milliseconds: Int
    }

    var description: String {
        let moment =
            switch moment {
            case .at(let point): "at \(point)"
            case .after(let milliseconds): "after \(milliseconds) ms"
            }
        let again = again.map { ", then \($0.victim) after \($0.milliseconds) ms" } ?? ""
        return "\(scenario) \(moment), \(victim) killed\(again)"
    }
}
