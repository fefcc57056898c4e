import HoldfastCommands
import HoldfastModel
import Hummingbird

/// Regions, nodes, space, jobs and the leader.
struct ClusterPage: Sendable {
    private struct Page {
        struct Region {
            let name: String
            let nodes: [Node]
        }

        struct Node {
            let name: String
            let state: Badge
            let seen: String
            let keeps: String
            let free: String
            let full: Int?
            let trouble: String?
        }

        struct Line {
            let id: String
            let kind: String
            let environment: String
            let state: Badge
            let step: String
            let waits: String?
            let since: Moment
        }

        let frame: Frame
        let version: String
        let since: Moment
        let epoch: String
        let alarm: String?
        let isAdministrator: Bool
        let regions: [Region]
        let jobs: [Line]
        let hasJobs: Bool
    }

    func show(_ visit: Visit) async throws -> Response {
        let status = try await visit.clusterStatus()
        let jobs = try await visit.jobs()
        let regions = Dictionary(grouping: status.nodes, by: \.region).sorted { $0.key < $1.key }
        let page = Page(
            frame: Frame(title: "Cluster", in: .cluster, visit, refresh: !jobs.isEmpty),
            version: status.softwareVersion,
            since: Moment(status.leaderSince, visit.now), epoch: "\(status.epoch)",
            alarm: ProjectPages.alarm(status.retention), isAdministrator: visit.principal.isAdministrator,
            regions: regions.map { region, nodes in
                Page.Region(
                    name: region.text, nodes: nodes.sorted { $0.name < $1.name }.map { node($0, visit.now) })
            },
            jobs: jobs.map { job in
                Page.Line(
                    id: job.id.text, kind: Words.kind(job.kind), environment: "\(job.environment)",
                    state: Words.badge(job.status), step: Job.stepTitle(job.step),
                    waits: job.waitingFor.map { "waits for \($0)" }, since: Moment(job.createdAt, visit.now))
            }, hasJobs: !jobs.isEmpty)
        return try .page(Templates.render(page, as: "cluster"))
    }

    private func node(_ node: NodeStatus, _ now: Timestamp) -> Page.Node {
        let state =
            switch node.state {
            case _ where node.maintenanceUntil != nil: Badge("Maintenance", "warn")
            case .up where node.leavingSince != nil: Badge("Draining", "warn")
            case .up: Badge("Up", "good")
            case .suspect: Badge("Suspect", "warn")
            case .down: Badge("Down", "bad")
            }
        let full = node.capacityBytes.flatMap { capacity -> Int? in
            guard capacity > 0, let free = node.freeBytes else { return nil }
            return min(100, max(0, 100 - Int(Double(free) / Double(capacity) * 100)))
        }
        return Page.Node(
            name: node.name.text, state: state,
            seen: node.lastSeen.map { Words.distance($0, from: now) } ?? "never",
            keeps: node.storedBytes.map { bytes in
                HumanText.size(bytes) + (node.objects.map { " in \(HumanText.count($0, "object"))" } ?? "")
            } ?? "not known",
            free: node.freeBytes.map { free in
                HumanText.size(free) + (node.capacityBytes.map { " of \(HumanText.size($0))" } ?? "")
            } ?? "not known", full: full,
            trouble: node.takesWrites == false ? "It takes nothing more: its disk is nearly full, or fails." : nil)
    }
}
