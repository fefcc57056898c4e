extension Backup {
    /// What its manifests say of it, for a cluster that has lost its catalog. The keys are stored; they never change.
    private enum NoteKey {
        static let (trigger, author, note, job) = ("trigger", "author", "note", "job")
        /// Milliseconds since 1970.
        static let createdAt = "createdAt"
        static let firstLabel = "firstLabel"
        /// All that were to be captured, so that a backup of which only some manifests are left is told from a whole one:
        /// as text, parted by spaces.
        static let services = "services"
    }

    /// To be written into each of its manifests.
    package var notes: [String: String] {
        var notes = [
            NoteKey.trigger: trigger.rawValue, NoteKey.author: author, NoteKey.job: job.text,
            NoteKey.createdAt: "\(createdAt.milliseconds)",
            NoteKey.services: services.sorted().map(\.description).joined(separator: " "),
        ]
        notes[NoteKey.note] = note
        notes[NoteKey.firstLabel] = firstLabel?.rawValue
        return notes
    }

    /// The backup that these manifests are of, without a receipt.
    ///
    /// - Parameters:
    ///   - descriptions: of one backup, at least one.
    ///   - references: a reference list of each manifest.
    ///   - job: what takes the place of its job where the manifests don't name it.
    /// - Throws: `checkFailed` where parts are missing; `corrupt` where the manifests contradict each other or say too little.
    package init(
        describedBy descriptions: [PartDescription], references: [ObjectName: ObjectName], project: Project, job: JobID
    ) throws(HoldfastError) {
        let parts = descriptions.sorted { $0.service < $1.service }
        guard let first = parts.first else { throw HoldfastError(.checkFailed, "no manifest can be read") }
        guard let environment = first.environment else {
            throw HoldfastError(.corrupt, "its manifests don't say of which environment it is")
        }
        let agree = parts.allSatisfy {
            $0.backup == first.backup && $0.notes == first.notes && $0.environment == environment
        }
        guard agree, environment.project == project.name, Set(parts.map(\.service)).count == parts.count else {
            throw HoldfastError(.corrupt, "its manifests contradict each other")
        }
        var named = parts.map(\.service)
        if let text = first.notes[NoteKey.services] { named = try Self.services(in: text) }
        let here = Set(parts.filter { references[$0.manifest] != nil }.map(\.service))
        let missing = named.filter { !here.contains($0) }
        guard missing.isEmpty else {
            let names = missing.map(\.description).joined(separator: ", ")
            throw HoldfastError(.checkFailed, "of \(names) no manifest with its list can be read")
        }
        let notes = first.notes
        let earliest = parts.map(\.startedAt).min() ?? first.startedAt
        self.init(
            id: first.backup, project: project.id, environment: environment,
            job: notes[NoteKey.job].flatMap { JobID($0) } ?? job,
            trigger: notes[NoteKey.trigger].flatMap(Trigger.init) ?? .onDemand, services: named,
            note: notes[NoteKey.note], author: notes[NoteKey.author] ?? "unknown",
            createdAt: notes[NoteKey.createdAt].flatMap { Int64($0) }.map(Timestamp.init(milliseconds:)) ?? earliest)
        firstLabel = notes[NoteKey.firstLabel].flatMap(RetentionLabel.init)
        state = .complete
        endedAt = parts.map(\.endedAt).max()
        self.parts = parts.compactMap { part in references[part.manifest].map { part.part(references: $0) } }
    }

    private static func services(in text: String) throws(HoldfastError) -> [ServiceReference] {
        var services: [ServiceReference] = []
        for word in text.split(separator: " ") { services.append(try ServiceReference(String(word))) }
        return services
    }
}
