package import HoldfastArchive
package import HoldfastModel
package import HoldfastPostgres
package import Logging

extension NodeProcess {
    /// What a node is built from. Whatever leaves the process, or is not decided by what came into it, goes through one
    /// of these.
    package struct Parts: Sendable {
        package var node: NodeID
        package var configuration: NodeConfiguration
        package var softwareVersion: String
        /// The data directory.
        package var disk: any Disk
        package var indexFiles: any IndexFiles
        package var databases: any DatabaseServer
        /// What media trees are read and changed by.
        package var fileCalls: any FileCalls
        package var dialer: any Dialer
        package var ports: any PortOpener
        package var time: any TimeSource
        package var entropy: any Entropy
        package var logger: Logger
        package var archive = ArchiveConfiguration()
        /// How long reading everything back from the disk may take.
        package var scrubPeriod = Scrubber.usualPeriod
        /// How fast the worker may send to storage and read from it, each way; nil for as fast as it goes.
        package var bandwidth: BandwidthTimetable?
        /// What is run around backups, and what runs it.
        package var hooks: [BackupHook] = []
        package var hookRunner: (any HookRunner)?
        /// Called before each change to a tree in an exchange, with what comes next.
        package var exchangeStep: @Sendable (_ next: String) throws -> Void = { _ in }

        package init(
            node: NodeID, configuration: NodeConfiguration, softwareVersion: String, disk: any Disk,
            indexFiles: any IndexFiles, databases: any DatabaseServer, fileCalls: any FileCalls, dialer: any Dialer,
            ports: any PortOpener, time: any TimeSource, entropy: any Entropy, logger: Logger
        ) {
            self.node = node
            self.configuration = configuration
            self.softwareVersion = softwareVersion
            self.disk = disk
            self.indexFiles = indexFiles
            self.databases = databases
            self.fileCalls = fileCalls
            self.dialer = dialer
            self.ports = ports
            self.time = time
            self.entropy = entropy
            self.logger = logger
        }
    }
}
