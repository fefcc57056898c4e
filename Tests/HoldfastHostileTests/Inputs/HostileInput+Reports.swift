import HoldfastCommands
import HoldfastModel
import HoldfastWire

@testable import HoldfastConsole
@testable import HoldfastNode

extension HostileInput {
    /// What nodes and coordinators report is counted, added up and shown by the others, in their own processes. Its
    /// numbers may be anything.
    static var reports: [HostileInput] {
        let samples: [any Codable & Sendable] = [
            MessageSamples.captured, MessageSamples.progress, MessageSamples.heartbeat, MessageSamples.held,
            VerifyReport(), MessageSamples.report,
        ]
        let extremes = [Int64.min, -1, Int64.max].flatMap { number -> [[UInt8]] in
            let texts = [
                #"{"step":"a","bytes":\#(number),"totalBytes":1,"items":\#(number),"totalItems":9}"#,
                #"{"step":"a","bytes":\#(number),"totalBytes":9223372036854775807,"items":0}"#,
            ]
            return texts.map { [1] + Array($0.utf8) }
        }
        let seeds = samples.enumerated().compactMap { number, value in
            (try? WireJSON.bytes(of: value, "sample")).map { [UInt8(number)] + $0 }
        }
        return [
            HostileInput("report", seeds: seeds + extremes) { bytes in
                var parts = Parts(bytes)
                let kind = parts.byte()
                try take(kind % 6, parts.all())
            }
        ]
    }

    private static func take(_ kind: UInt8, _ json: [UInt8]) throws {
        let renderer = ResultRenderer(.plain)
        switch kind {
        case 0:
            let reply = try WireJSON.value(CaptureServices.Reply.self, from: json, "reply")
            let receipt = reply.receipt.adding(reply.receipt)
            for receipt in [reply.receipt, receipt] {
                _ = receipt.fault(by: MessageSamples.policy, in: MessageSamples.layout)
            }
            var parts = reply.parts
            BackupPart.limitWarnings(of: &parts)
            var warnings = Warnings()
            for part in reply.parts { warnings.add(part.warnings) }
            try hold(warnings.first.count <= Warnings.listed, "\(warnings.first.count) warnings")
            var backup = Backup(
                id: ArchiveSamples.backup, project: ArchiveSamples.project,
                environment: try EnvironmentReference("shop/live"), job: ArchiveSamples.job, trigger: .onDemand,
                services: parts.map(\.service), note: nil, author: "ann", createdAt: ArchiveSamples.created)
            (backup.parts, backup.receipt, backup.state) = (parts, reply.receipt, .complete)
            _ = renderer.text(of: .backups([backup]))
            _ = renderer.text(of: .backup(BackupDetail(backup: backup, nodeNames: [:], restores: [])))
        case 1:
            let progress = try WireJSON.value(Progress.self, from: json, "event")
            var meter = HoldfastConsole.ProgressMeter()
            var later = progress
            later.bytes = .max
            for (second, progress) in [progress, later, progress].enumerated() {
                let line = meter.line(for: progress, at: .seconds(second), columns: 80)
                try hold(line.unicodeScalars.count < 200, "a line of \(line.unicodeScalars.count)")
            }
            let job = JobSummary(
                id: ArchiveSamples.job, kind: .backup, environment: try EnvironmentReference("shop/live"),
                status: .running, step: "capture", author: "ann", createdAt: ArchiveSamples.created, attention: nil,
                progress: progress)
            _ = renderer.text(of: .jobs([job]))
        case 2:
            let heartbeat = try WireJSON.value(Heartbeat.self, from: json, "heartbeat")
            let status = NodeStatus(
                id: heartbeat.node, name: try Name("n1"), region: try Name("eu"), address: nil, state: .up,
                lastSeen: nil, capacityBytes: heartbeat.capacityBytes, freeBytes: heartbeat.freeBytes,
                objects: heartbeat.objects, storedBytes: heartbeat.storedBytes, takesWrites: heartbeat.takesWrites)
            _ = renderer.text(of: .nodes([status]))
        case 3:
            let held = try WireJSON.value(HoldObjects.Reply.self, from: json, "reply")
            let node = MessageSamples.heartbeat.node
            let receipt = Receipt(
                layout: 3, heldUntil: ArchiveSamples.created, objects: held.objects,
                holdings: [.init(node: node, region: try Name("eu"), objects: held.objects, bytes: held.bytes)])
            _ = receipt.adding(receipt).adding(receipt).fault(by: MessageSamples.policy, in: MessageSamples.layout)
        case 4:
            let report = try WireJSON.value(VerifyReport.self, from: json, "reply")
            _ = renderer.text(of: .verified(ArchiveSamples.backup, report))
        default:
            let report = try WireJSON.value(CheckReport.self, from: json, "reply")
            _ = renderer.text(of: .check(try EnvironmentReference("shop/live"), report))
        }
    }
}
