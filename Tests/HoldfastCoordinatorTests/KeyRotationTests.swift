import HoldfastArchive
import HoldfastCatalog
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

@testable import HoldfastCoordinator

/// Keys are rotated while everything goes on.
@Suite(.timeLimit(.minutes(5))) struct KeyRotationTests {
    /// Of everything that the catalog keeps sealed, with what it was sealed for.
    private func secrets(_ cluster: Cluster) async throws -> [(sealed: SealedSecret, purpose: String)] {
        var secrets: [(SealedSecret, String)] = []
        for project in try await cluster.catalog.all(Project.self).map(\.value) {
            secrets.append((project.wrappedKey, ProjectActor.purpose(project.id)))
        }
        for environment in try await cluster.catalog.all(Environment.self).map(\.value) {
            for service in environment.services {
                guard case .database(_, let password?) = service.target else { continue }
                secrets.append((password, ServiceTargets.purpose(environment.reference, service.reference)))
            }
        }
        for target in try await cluster.catalog.all(NoticeTarget.self).map(\.value) {
            guard case .webhook(let webhook) = target.road else { continue }
            secrets.append((webhook.url, WebhookWriter.urlPurpose(target.id)))
            secrets.append((webhook.key, WebhookWriter.keyPurpose(target.id)))
        }
        for answer in try await cluster.catalog.all(StoredAnswer.self).map(\.value) {
            guard let result = answer.result else { continue }
            secrets.append((result, StoredAnswer.purpose(answer.name)))
        }
        let check = try #require(try await cluster.catalog.get(Setting<SealedSecret>.self, .keyCheck))
        return secrets + [(check.value.value, KeyCheck.purpose)]
    }

    private func opened(_ cluster: Cluster, by key: ClusterKey) async throws -> Int {
        try await secrets(cluster).count { (try? key.open($0.sealed, purpose: $0.purpose)) != nil }
    }

    @Test func everySecretIsSealedAnew() async throws {
        let cluster = try await Cluster()
        try await cluster.lead(webhooks: FakeWebhooks()) { (coordinator: Coordinator) async throws in
            let add = NoticeAdd(project: nil, road: .webhook(Secret("https://a.example.org/x")))
            _ = try await coordinator.commands.perform(.noticeAdd(add), as: cluster.admin, from: .local, once: "a")
        }
        let count = try await secrets(cluster).count
        #expect(count == 1 + 2 + 2 + 1 + 1)
        let rotated = try cluster.clusterKey.rotated(from: cluster.entropy)
        try await cluster.lead(clusterKey: rotated) { (coordinator: Coordinator) async throws in
            try await cluster.until("sealed") { try await opened(cluster, by: rotated.alone) == count }
            // And everything goes on.
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
        }
        #expect(try await opened(cluster, by: cluster.clusterKey) == 0)
        try await cluster.lead(clusterKey: rotated.alone) { (coordinator: Coordinator) async throws in
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
        }
        let error = await #expect(throws: HoldfastError.self) { try await cluster.lead { _ in } }
        #expect(error?.code == .checkFailed)
    }

    /// The coordinator dies before any of the writes: the next one goes on where it was.
    @Test func itGoesOnAfterACoordinatorThatDied() async throws {
        let cluster = try await Cluster()
        let rotated = try cluster.clusterKey.rotated(from: cluster.entropy)
        let count = try await secrets(cluster).count
        // As far as one that died had come.
        let project = try #require(try await cluster.catalog.all(Project.self).first)
        let epoch = try await cluster.catalog.takeOffice(above: Epoch(0))
        var half = project.value
        half.wrappedKey = try #require(
            try rotated.resealed(
                half.wrappedKey, purpose: ProjectActor.purpose(half.id), entropy: cluster.entropy))
        try await cluster.catalog.commit(Transaction(epoch: epoch, writes: [.put(half)]))
        // Without the earlier key the catalog's other secrets could not be opened: that is said at once.
        let error = await #expect(throws: HoldfastError.self) {
            try await cluster.lead(clusterKey: rotated.alone) { _ in }
        }
        #expect(error?.code == .checkFailed)
        try await cluster.lead(clusterKey: rotated) { _ in
            try await cluster.until("sealed") { try await opened(cluster, by: rotated.alone) == count }
        }
    }

    @Test func aProjectSealsWithAnotherKey() async throws {
        let cluster = try await Cluster()
        try await cluster.lead { (coordinator: Coordinator) async throws in
            let first = try await cluster.backUp(coordinator, cluster.live)
            _ = try await cluster.perform(coordinator, .projectRotateKey(cluster.live.project))
            let actor = await coordinator.office.projects[cluster.live.project]
            let project = try await actor.record().value
            let keys = try ProjectKeys(serialized: try await actor.keys(of: project))
            #expect(keys.currentSealingKey == 2)
            #expect(try await cluster.backUp(coordinator, cluster.live).state == .complete)
            let captures = await cluster.nodes.captures.suffix(2).map(\.keys)
            #expect(try captures.map { try ProjectKeys(serialized: $0).currentSealingKey } == [1, 2])
            // What was stored before can still be read.
            let restored = try await cluster.restore(coordinator, first.id, into: cluster.test)
            #expect(restored.status == .succeeded)
        }
    }

    /// One secret that no key opens keeps nothing else from being sealed anew.
    @Test func whatNoKeyOpensIsPassedOver() async throws {
        let cluster = try await Cluster()
        let stranger = ClusterKey(generatedFrom: cluster.entropy)
        let stored = try #require(try await cluster.catalog.get(Environment.self, cluster.live))
        var environment = stored.value
        let service = try #require(environment.services.firstIndex { $0.reference.kind == .database })
        guard case .database(let address, _) = environment.services[service].target else {
            throw HoldfastError(.internal, "no database")
        }
        let purpose = ServiceTargets.purpose(environment.reference, environment.services[service].reference)
        let foreign = try stranger.seal(Secret("x"), purpose: purpose, entropy: cluster.entropy)
        environment.services[service].target = .database(address, password: foreign)
        let epoch = try await cluster.catalog.takeOffice(above: Epoch(0))
        try await cluster.catalog.commit(Transaction(epoch: epoch, writes: [.put(environment)]))
        let rotated = try cluster.clusterKey.rotated(from: cluster.entropy)
        let count = try await secrets(cluster).count
        try await cluster.lead(clusterKey: rotated) { _ in
            // That one, and what says that the rotation is finished.
            try await cluster.until("sealed") { try await opened(cluster, by: rotated.alone) == count - 2 }
        }
        #expect(try await secrets(cluster).contains { $0.sealed == foreign })
        // So nobody can end it: the earlier key is still asked for.
        let error = await #expect(throws: HoldfastError.self) {
            try await cluster.lead(clusterKey: rotated.alone) { _ in }
        }
        #expect(error?.code == .checkFailed)
        // Set again, it is sealed with the new key, and the rotation ends.
        try await cluster.lead(clusterKey: rotated) { (coordinator: Coordinator) async throws in
            _ = try await cluster.perform(
                coordinator,
                .serviceSet(
                    ServiceSet(
                        environment: cluster.live, service: ServiceReference(.database),
                        location: .database(url: Secret("\(cluster.live.environment)")))))
        }
        try await cluster.lead(clusterKey: rotated) { _ in
            try await cluster.until("finished") { try await opened(cluster, by: rotated.alone) == count }
        }
    }
}
