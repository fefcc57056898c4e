package import HoldfastModel
import HoldfastWire

extension ObjectRouter {
    /// Those of the shards that too few nodes could hold now, be it that they have them or that they would be copied there:
    /// they were deleted, condemned or lost. Of nodes that don't answer the best is assumed; in the end the holds decide.
    package func refusable(among shards: [ObjectName]) async throws -> Set<ObjectName> {
        var answers: [(member: Layout.Member, here: Set<ObjectName>, condemned: Set<ObjectName>)] = []
        var silent: [Layout.Member] = []
        for member in terms.layout.members where terms.policy.allows(member.region) {
            if let records = try await survey(.shards, of: member) {
                let (here, condemned) = Self.shards(in: records)
                answers.append((member, here, condemned))
            } else {
                silent.append(member)
            }
        }
        let takers = Set(whole.takers.map(\.node))
        return Set(shards).filter { shard in
            let isHere = answers.contains { $0.here.contains(shard) }
            guard isHere || !silent.isEmpty else { return true }
            let able = answers.filter { answer in
                answer.here.contains(shard)
                    || !answer.condemned.contains(shard) && takers.contains(answer.member.node)
            }
            let regions = (able.map(\.member) + silent).map(\.region)
            return terms.policy.standing(of: regions) == .short
        }
    }

    /// The project's shards that some node says it has, and that can be held there.
    func storedShards() async throws -> Set<ObjectName> {
        try await survey(.shards).reduce(into: []) { $0.formUnion(Self.shards(in: $1).here) }
    }

    /// What each node says of the subject. Of those that don't answer nothing is told.
    func survey(_ subject: SurveyObjects.Subject) async throws -> [[UInt8]] {
        var answers: [[UInt8]] = []
        for member in terms.layout.members.sorted(by: { $0.node < $1.node }) {
            if let records = try await survey(subject, of: member) { answers.append(records) }
        }
        return answers
    }

    private func survey(_ subject: SurveyObjects.Subject, of member: Layout.Member) async throws -> [UInt8]? {
        do {
            if member.node == store.node { return try await store.survey([subject], of: project).bytes }
            return try await peers.survey(SurveyObjects(project: project, subjects: [subject]), of: member)
        } catch let error as HoldfastError where error.code != .cancelled {
            return nil
        }
    }

    /// - Parameter records: names of 32 bytes, each with a 1 after it where the shard is condemned.
    private static func shards(in records: [UInt8]) -> (here: Set<ObjectName>, condemned: Set<ObjectName>) {
        let size = ObjectName.byteCount + 1
        var (here, condemned): (Set<ObjectName>, Set<ObjectName>) = ([], [])
        for start in stride(from: 0, through: records.count - size, by: size) {
            let name = ObjectName(bytes: Array(records[start..<start + size - 1]))
            if records[start + size - 1] == 0 { here.insert(name) } else { condemned.insert(name) }
        }
        return (here, condemned)
    }
}
