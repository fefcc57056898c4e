/// How far a job is. Streams to whoever watches; never persisted.
package struct Progress: Hashable, Codable, Sendable {
    /// The step of the job's machine.
    package var step: String
    /// What is being worked on: `media`, `database`, a table.
    package var subject: String?
    package var bytes: Int64
    package var totalBytes: Int64?
    package var items: Int64
    package var totalItems: Int64?
    /// Bytes that were sent to storage and read from it so far; nil where none were.
    package var movedBytes: Int64?
    /// True where this part of the work has no count, such as the making of indexes by a database server: that nothing is
    /// counted says nothing.
    package var isUncounted: Bool?

    package init(
        step: String, subject: String? = nil, bytes: Int64 = 0, totalBytes: Int64? = nil, items: Int64 = 0,
        totalItems: Int64? = nil
    ) {
        self.step = step
        self.subject = subject
        self.bytes = bytes
        self.totalBytes = totalBytes
        self.items = items
        self.totalItems = totalItems
    }
}
