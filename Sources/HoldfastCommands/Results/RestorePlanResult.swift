package import HoldfastModel

/// What a restore would do, before it does anything.
package struct RestorePlanResult: Codable, Hashable, Sendable {
    package var backup: Backup
    package var destination: EnvironmentReference
    package var mappings: [RestorePlan.Mapping]
    package var willBeOverwritten: [ServiceDetail]
    package var takesSafetyBackup: Bool
    package var undoWindowSeconds: Int
    package var report: CheckReport

    package init(
        backup: Backup, destination: EnvironmentReference, mappings: [RestorePlan.Mapping],
        willBeOverwritten: [ServiceDetail], takesSafetyBackup: Bool, undoWindowSeconds: Int, report: CheckReport
    ) {
        self.backup = backup
        self.destination = destination
        self.mappings = mappings
        self.willBeOverwritten = willBeOverwritten
        self.takesSafetyBackup = takesSafetyBackup
        self.undoWindowSeconds = undoWindowSeconds
        self.report = report
    }
}
