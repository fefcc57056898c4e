import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// What a restore can't bring back is told.
@Suite(.timeLimit(.minutes(5))) struct RestoreWarningTests {
    @Test func rightsOfARoleThatIsGone() async throws {
        let shop = try await Shop()
        let worker = Worker(shop.resources)
        let role = "reader_\(shop.database)"
        try await shop.server.sql("CREATE ROLE \(role)")
        try await shop.server.sql("GRANT SELECT ON item TO \(role)", in: shop.database)
        let part = try #require(try await shop.capture(worker, [shop.targets[0]]).parts.first)
        try await shop.server.sql("DROP OWNED BY \(role); DROP ROLE \(role)", in: shop.database)

        // The check says so beforehand.
        let source = CheckServices.Source(
            project: Fixture.project, keys: shop.keys.serialized, terms: try shop.terms)
        let purpose = CheckServices.Purpose.restore(
            job: shop.job(), counts: part.counts, bytes: 1, fromAnotherProject: false)
        let check = CheckServices.Check(target: shop.targets[0], purpose: purpose, manifest: part.manifest)
        let found = try await worker.check(CheckServices(services: [check], source: source))
        #expect(found.isGood, "\(found.problems)")
        #expect(found.problems.contains { $0.severity == .warning && $0.message.contains("roles \(role)") })
        // A manifest that is gone is no reason to call a restore good.
        let gone = CheckServices.Check(target: shop.targets[0], purpose: purpose, manifest: part.references)
        #expect(!(try await worker.check(CheckServices(services: [gone], source: source)).isGood))

        let job = shop.job()
        let stages = try await shop.stages(worker, [part], for: job)
        let reply = try await worker.stage(
            StageServices(
                order: shop.order(job), project: Fixture.project, keys: shop.keys.serialized, services: stages,
                terms: shop.terms))
        #expect(reply.warnings.count == 1, "\(reply.warnings)")
        #expect(reply.warnings.first.first?.hasPrefix("database: Left out: ACL") ?? false)
        #expect(reply.warnings.first.first?.contains(role) ?? false)
        try await worker.drop(
            DropAside(order: shop.order(job), services: [], targets: shop.targets, aside: .staged))
        await shop.remove()
    }
}
