package struct JobDetail: Codable, Hashable, Sendable {
    package var summary: JobSummary
    package var journal: [JournalLine]

    package init(summary: JobSummary, journal: [JournalLine]) {
        self.summary = summary
        self.journal = journal
    }
}
