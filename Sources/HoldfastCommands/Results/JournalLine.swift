package import HoldfastModel

package struct JournalLine: Codable, Hashable, Sendable {
    package var number: Int64
    package var at: Timestamp
    /// What was about to be done, or what came of it.
    package var text: String

    package init(number: Int64, at: Timestamp, text: String) {
        self.number = number
        self.at = at
        self.text = text
    }
}
