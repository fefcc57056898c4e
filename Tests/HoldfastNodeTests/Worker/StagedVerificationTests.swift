import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Testing

@testable import HoldfastNode

/// What was staged is looked at again before anything is exchanged.
@Suite(.timeLimit(.minutes(5))) struct StagedVerificationTests {
    /// A backup of a shop, staged beside it.
    private struct Scene {
        let shop: ModelShop
        let worker: Worker
        var message: VerifyStaged

        init() async throws {
            shop = try ModelShop()
            try shop.set("new")
            worker = try await shop.worker()
            let parts = try await shop.capture(worker)
            try shop.set("old")
            let stages = try await shop.stages(worker, parts)
            let order = shop.order(shop.job())
            let staged = try await worker.stage(
                StageServices(
                    order: order, project: Fixture.project, keys: shop.keys.serialized, services: stages,
                    terms: shop.terms))
            message = VerifyStaged(
                order: order, project: Fixture.project, keys: shop.keys.serialized,
                services: zip(stages, staged.services).map { .init(stage: $0, staged: $1) }, terms: try shop.terms)
        }

        func refusal() async -> HoldfastError? {
            await #expect(throws: HoldfastError.self) { try await worker.verify(message) }
        }
    }

    @Test func whatIsAsItWasPasses() async throws {
        let scene = try await Scene()
        try await scene.worker.verify(scene.message)
    }

    @Test func aTableThatDiffersIsFound() async throws {
        let scene = try await Scene()
        let name = StagingNames.stagedDatabase(scene.message.order.job)
        #expect(scene.shop.server.write(to: name) { $0.tables["item"]?.removeLast() })
        let error = await scene.refusal()
        #expect(error?.code == .checkFailed && error?.message.contains("item has 4 rows") == true)
    }

    @Test func aFileThatDiffersIsFound() async throws {
        let scene = try await Scene()
        let directory = "\(ModelShop.media)/\(StagingNames.mediaDirectory(scene.message.order.job))"
        let tree = try ModelTreeDigest(of: directory, in: scene.shop.files).description
        let names = tree.split(separator: "\n").map { $0.prefix { $0 != " " } }
        let path = try #require(names.first { $0.hasSuffix("images/a") })
        try scene.shop.files.write(Array("first nex".utf8), to: "\(directory)/\(path)")
        let error = await scene.refusal()
        #expect(error?.code == .checkFailed && error?.message.contains("images/a") == true, "\(tree)")
    }

    /// A manifest that counts otherwise than the backup recorded is of another backup.
    @Test func anotherCountIsFound() async throws {
        var scene = try await Scene()
        guard
            case .part(let service, let manifest, let references, .database(var counts), let isForeign) =
                scene.message.services[0].stage.content
        else { throw HoldfastError(.internal, "no database") }
        counts.rows += 1
        scene.message.services[0].stage.content = .part(
            service: service, manifest: manifest, references: references, counts: .database(counts),
            fromAnotherProject: isForeign)
        let error = await scene.refusal()
        #expect(error?.code == .checkFailed && error?.message.contains("recorded with") == true)
    }
}
