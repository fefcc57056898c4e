/// Why a job can't go on by itself, for the operator who has to help it.
package struct Attention: Hashable, Codable, Sendable {
    package var step: String
    package var reason: HoldfastError
    package var whatToDo: String

    package init(step: String, reason: HoldfastError, whatToDo: String) {
        self.step = step
        self.reason = reason
        self.whatToDo = whatToDo
    }
}
