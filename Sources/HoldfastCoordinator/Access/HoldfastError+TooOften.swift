import HoldfastCommands
import HoldfastModel

extension HoldfastError {
    /// For whoever did something too often, with when to come again.
    static func tooOften(_ what: String, wait: Duration) -> HoldfastError {
        let seconds = max(1, wait.components.seconds + 1)
        return HoldfastError(
            .busy, "\(what): try again in \(HumanText.duration(seconds: Int(seconds)))",
            context: ["retryAfterSeconds": "\(seconds)"])
    }
}
