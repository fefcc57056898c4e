package import HoldfastCommands
import HoldfastModel

extension Command {
    /// Whether a person has to say yes: what the command takes away is not simply brought back.
    package var needsConfirmation: Bool {
        switch self {
        case .nodeRemove, .userRemove, .projectRemove, .projectErase, .environmentRemove, .backupDelete, .restoreStart,
            .restoreUndo:
            true
        default: false
        }
    }
}
