import HoldfastModel
import Testing

struct BackupDueTests {
    private static let both = [ServiceReference(.database), ServiceReference(.media)]

    private func backup(_ trigger: Backup.Trigger, _ services: [ServiceReference]) throws -> Backup {
        Backup(
            id: try identifier(1), project: try identifier(2), environment: try EnvironmentReference("shop/live"),
            job: try identifier(3), trigger: trigger, services: services, note: nil, author: "x",
            createdAt: Timestamp(milliseconds: 0))
    }

    /// What does for a scheduled backup of both the database and the media.
    @Test(arguments: [
        (Backup.Trigger.scheduled, both, true), (.scheduled, [both[0]], true), (.onDemand, both, true),
        (.onDemand, [both[0]], false), (.onDemand, [], false), (.safety, both, false), (.upload, both, false),
    ])
    func whatDoesForAScheduledOne(_ trigger: Backup.Trigger, _ services: [ServiceReference], _ does: Bool) throws {
        #expect(try backup(trigger, services).isAsDue(for: Self.both) == does)
    }

    /// Where the schedule takes the media alone, media are enough.
    @Test func whatTheScheduleTakesIsEnough() throws {
        let media = Self.both.chosen([.media], [])
        #expect(media == [Self.both[1]])
        #expect(try backup(.onDemand, media).isAsDue(for: media))
        #expect(try !backup(.onDemand, [Self.both[0]]).isAsDue(for: media))
        #expect(Self.both.chosen([], []) == Self.both && Self.both.chosen([], [Self.both[0]]) == [Self.both[0]])
    }

    @Test func whatIsStored() throws {
        var backup = try backup(.onDemand, Self.both)
        let now = Timestamp(milliseconds: 1_795_381_200_000)
        #expect(!backup.isStored(at: now))
        backup.state = .complete
        backup.receipt = Receipt(layout: 1, heldUntil: now, objects: 1, holdings: [])
        #expect(backup.isStored(at: now))
        backup.delete(at: now, windowDays: 7, reason: "x")
        #expect(backup.isStored(at: now) && backup.canBeTakenBack(at: now))
        let last = now.advanced(by: .seconds(7 * 86_400) - Backup.takingBackMargin)
        #expect(!backup.isStored(at: last) && !backup.canBeTakenBack(at: last))
        backup.removedAt = now
        #expect(!backup.isStored(at: now))
    }
}
