import HoldfastModel
import Testing

struct NoticeTests {
    private static let now = Timestamp(milliseconds: 1_795_381_200_000)

    private func job(_ machine: Job.Machine) throws -> Job {
        Job(
            id: try identifier(1), project: try identifier(2), environment: try EnvironmentReference("shop/live"),
            author: "anna", createdAt: Self.now, machine: machine)
    }

    /// What is told of each state on the way.
    private func told<Machine: JobMachine>(_ machine: Machine, _ events: [Machine.Event]) throws -> [NoticeKind?] {
        var (job, machine) = (try job(machine.wrapped), machine)
        return events.map { event in
            let old = job
            machine.apply(event)
            job.reflect(machine.wrapped, at: Self.now)
            let notice = Notice.about(job, after: old, at: Self.now)
            #expect(notice == nil || (notice?.project == job.project && notice?.job == job.id))
            return notice?.kind
        }
    }

    @Test func endsOfJobs() throws {
        let backup = BackupMachine(backup: try identifier(3), services: [])
        #expect(try told(backup, [.failed(later), .failed(never)]) == [nil, .backupFailed])
        #expect(try told(backup, [.cancelled]) == [nil])
        let receipt = try receipt(objects: 1, [(1, "eu", 1)])
        #expect(try told(backup, [.captured(parts: [], receipt: receipt), .recorded]) == [nil, nil])
        let verify = VerifyMachine(backup: try identifier(3))
        var report = VerifyReport()
        #expect(try told(verify, [.verified(report)]) == [nil])
        report.problems = ["a shard is missing"]
        #expect(try told(verify, [.verified(report)]) == [.verificationFailed])
        #expect(try told(verify, [.failed(never)]) == [.verificationFailed])
    }

    private func target(_ project: Int?, kinds: [NoticeKind]? = nil) throws -> NoticeTarget {
        let place = try project.map { NoticeTarget.Place(id: try identifier($0), name: try Name("shop")) }
        return NoticeTarget(
            id: try identifier(9), project: place, road: .mail(try MailAddress("a@example.org")), kinds: kinds,
            createdAt: Self.now, author: "x")
    }

    @Test func eachIsToldOfItsOwn() throws {
        let policy = PlacementPolicy(
            name: try Name("p"), copies: 1, regions: 1, allowedRegions: [try Name("eu")])
        var failed = Notice(.backupFailed, at: Self.now, text: "x")
        failed.project = try identifier(1)
        #expect(try target(1).isTold(of: failed, policy: policy) && target(nil).isTold(of: failed, policy: nil))
        #expect(try !target(2).isTold(of: failed, policy: policy))
        #expect(try !target(1, kinds: [.nodeDown]).isTold(of: failed, policy: policy))
        #expect(try target(1, kinds: [.backupFailed]).isTold(of: failed, policy: policy))
        // A node's trouble is that of the projects whose data may lie there.
        var down = Notice(.nodeDown, at: Self.now, text: "x")
        down.region = try Name("eu")
        #expect(try target(1).isTold(of: down, policy: policy))
        down.region = try Name("us")
        #expect(try !target(1).isTold(of: down, policy: policy) && target(nil).isTold(of: down, policy: nil))
        #expect(try !target(1).isTold(of: down, policy: nil), "the project is gone")
        // What concerns the receivers themselves is chosen by nobody.
        var undelivered = Notice(.undelivered, at: Self.now, text: "x")
        undelivered.project = try identifier(1)
        #expect(try target(1, kinds: [.nodeDown]).isTold(of: undelivered, policy: policy))
    }
}
