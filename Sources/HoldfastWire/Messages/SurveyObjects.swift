package import HoldfastModel

/// Asks what a node keeps of a project. The answer comes as bulk: the records of each subject in turn, which the node looks at
/// in the order in which they are asked for.
package struct SurveyObjects: Message {
    package static let name = "survey-objects"

    package enum Subject: String, Codable, Sendable, CaseIterable {
        /// Name (32 bytes), then 1 where it is condemned, else 0.
        case shards
        /// Name (32), backup (12).
        case manifests
        /// Of each good reference list, of dead backups too: the manifest's name (32), backup (12).
        case lists
        /// The names (32) of shards that good reference lists of backups without a tombstone name; each once.
        case references
        /// Of each good reference list of a backup without a tombstone: its own name (32), the manifest's (32), backup (12).
        case listNames = "list-names"
        /// Whole tombstones.
        case tombstones
    }

    package var project: ProjectID
    package var subjects: [Subject]

    package init(project: ProjectID, subjects: [Subject]) {
        self.project = project
        self.subjects = subjects
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// How many records there are of each subject.
        package var counts: [Int]

        package init(counts: [Int]) { self.counts = counts }
    }
}

/// Asks how much a node keeps of a project.
package struct MeasureObjects: Message {
    package static let name = "measure-objects"

    package var project: ProjectID

    package init(project: ProjectID) { self.project = project }

    package struct Reply: Codable, Hashable, Sendable {
        package var objects: Int64
        package var bytes: Int64

        package init(objects: Int64, bytes: Int64) {
            self.objects = objects
            self.bytes = bytes
        }
    }
}
