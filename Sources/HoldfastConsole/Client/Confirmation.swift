import HoldfastCommands
import HoldfastModel

/// Shows a person what a command would take away, and has them type its name.
struct Confirmation {
    private let terminal: ClientTerminal
    private let renderer: ResultRenderer
    private let style: TextStyle

    init(_ terminal: ClientTerminal, _ options: OutputOptions) {
        self.terminal = terminal
        self.style = terminal.style(ofOutput: false, options)
        self.renderer = ResultRenderer(style)
    }

    /// - Throws: `checkFailed` where the plan has errors, `cancelled` where something else is typed, what the cluster
    ///   answers when asked what would happen.
    func ask(about command: Command, over connection: ConsoleConnection) async throws {
        guard let look = Self.look(before: command) else { return }
        let result = try await connection.perform(look.line) { _ in }
        terminal.printError(renderer.text(of: result) + "\n\n")
        if case .restorePlan(let plan) = result, !plan.report.isGood {
            throw HoldfastError(.checkFailed, "The restore can't start: solve the errors above first")
        }
        guard let name = Self.name(toType: command, result) else {
            throw HoldfastError(.internal, "The cluster answered something else than was asked")
        }
        terminal.printError("\(style.paint(Self.warning(command), .alarm))\nType \(name) to go on: ")
        guard terminal.readLine()?.trimmed == name else {
            throw HoldfastError(.cancelled, "Nothing was done: what was typed is not \(name)")
        }
    }

    /// The command that shows what is about to happen.
    private static func look(before command: Command) -> Command? {
        switch command {
        case .restoreStart(let request): .restorePlan(request)
        case .restoreUndo(let undo): .restoreShow(undo.restore)
        case .backupDelete(let backup, _): .backupShow(backup)
        case .projectRemove(let name), .projectErase(let name): .projectShow(name)
        case .environmentRemove(let environment): .environmentShow(environment)
        default: nil
        }
    }

    static func name(toType command: Command, _ shown: CommandResult) -> String? {
        switch (command, shown) {
        case (.restoreStart(let request), .restorePlan): "\(request.destination)"
        case (.restoreUndo, .restore(let restore)): "\(restore.destination)"
        case (.backupDelete, .backup(let detail)): "\(detail.backup.environment)"
        case (.projectRemove(let name), .project), (.projectErase(let name), .project): name.text
        case (.environmentRemove(let environment), .environment): "\(environment)"
        default: nil
        }
    }

    private static func warning(_ command: Command) -> String {
        switch command {
        case .restoreStart(let request): "This overwrites \(request.destination)."
        case .restoreUndo: "This replaces the content of the destination by what was there before the restore."
        case .backupDelete(_, let now): now ? "This deletes the backup for good." : "This deletes the backup."
        case .projectRemove: "This removes the project."
        case .projectErase: "This destroys the project's keys: none of its backups can be read ever again, by anybody."
        default: "This removes the environment; its backups stay."
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
