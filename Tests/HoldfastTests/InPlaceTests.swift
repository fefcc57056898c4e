import Foundation
import HoldfastCommands
import HoldfastModel
import HoldfastTestKit
import Testing

/// Restores by a role that may not create databases, by the ordinary command line.
@Suite(.serialized, .enabled(if: ThrowawayPostgres.isAvailable), .timeLimit(.minutes(5)))
struct InPlaceTests {
    @Test func thereAndBack() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try await shop.allowDatabases(false)
            let (live, before) = (try await shop.content("shop/live"), try await shop.content("shop/test"))
            let backup = try shop.backUp()

            guard
                case .restorePlan(let plan) = try cluster.result("restore", "plan", backup.id.text, "--to", "shop/test")
            else { throw TestFailure("no plan") }
            #expect(plan.report.isGood && plan.report.inPlace == [ServiceReference(.database)])
            let shown = try cluster.holdfast("restore", "plan", backup.id.text, "--to", "shop/test").output
            #expect(shown.contains("LOCKED") && shown.contains("The old content is not kept"))

            let restore = try shop.restore(backup.id)
            #expect(restore.status == .succeeded && restore.undoUntil == nil)
            #expect(restore.warnings.first.contains { $0.contains("replaced in place") })
            #expect(try await shop.content("shop/test") == live)
            #expect(try await shop.leftovers() == [])
            // The application works on.
            try await shop.postgres.sql(
                "INSERT INTO customers VALUES (-1, 'after'); DELETE FROM customers WHERE id = -1",
                in: shop.testDatabase, as: shop.role, password: "hush-\(shop.role)")

            let undo = try cluster.holdfast("restore", "undo", restore.job.text, "--yes")
            #expect(undo.status == 0 && (undo.output + undo.errors).contains("no longer kept: its safety backup"))
            #expect(try await shop.content("shop/test") == before)
            #expect(try await shop.content("shop/live") == live)
            #expect(try await shop.leftovers() == [])
        }
    }

    @Test func whatCantBeIsRefusedBeforeAnythingIsDone() async throws {
        try await Cluster.with { cluster in
            let shop = try await Shop.open(on: cluster)
            try await shop.allowDatabases(false)
            let before = try await shop.content("shop/test")
            let backup = try shop.backUp()
            func refusal(_ more: String...) throws -> String {
                let outcome = try HoldfastBinary.run(
                    ["restore", "start", backup.id.text, "--to", "shop/test", "--yes"] + more,
                    environment: cluster.client)
                #expect(outcome.status != 0)
                return outcome.output + outcome.errors
            }
            #expect(try refusal("--without-safety").contains("there has to be a safety backup"))
            try await shop.postgres.sql("CREATE TABLE not_ours ()", in: shop.testDatabase)
            #expect(try refusal().contains("table public.not_ours of postgres"))
            try await shop.postgres.sql("DROP TABLE not_ours", in: shop.testDatabase)
            #expect(try await shop.content("shop/test") == before)
            // The media alone needs no database.
            try cluster.result("restore", "start", backup.id.text, "--to", "shop/test", "--media", "--yes")
        }
    }
}
