/// A promise that was broken, as it was noticed.
struct Violation: Error, CustomStringConvertible {
    var promise: String
    var what: String

    var description: String { "\(promise): \(what)" }
}
