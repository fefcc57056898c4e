package import ArgumentParser

/// The subcommands that the cluster performs, for mounting in the binary beside its local ones, so that one `--help`
/// shows them all.
package enum ClientCommands {
    /// The verbs under `cluster`; the binary adds `init`.
    package static let cluster: [any ParsableCommand.Type] = [ClusterStatusCommand.self]
    /// The verbs under `node`; the binary adds what runs a node.
    package static let node: [any ParsableCommand.Type] = [
        NodeListCommand.self, NodeTokenCommand.self, NodeWeightCommand.self, NodeMaintenanceCommand.self,
        NodeDrainCommand.self, NodeRemoveCommand.self, NodeScrubCommand.self,
    ]

    package static let backupNouns: [any ParsableCommand.Type] = [
        BackupNoun.self, RestoreNoun.self, DownloadNoun.self, ScheduleNoun.self, RetentionNoun.self, CollectNoun.self,
        JobNoun.self,
    ]
    package static let projectNouns: [any ParsableCommand.Type] = [
        ProjectNoun.self, EnvironmentNoun.self, ServiceNoun.self,
    ]
    package static let clusterNouns: [any ParsableCommand.Type] = [ClusterNoun.self, NodeNoun.self] + operatorNouns
    /// Those of the cluster's nouns to which the binary adds nothing.
    package static let operatorNouns: [any ParsableCommand.Type] = [
        PolicyNoun.self, RepairNoun.self, CatalogNoun.self, UserNoun.self, TokenNoun.self, SessionNoun.self,
        AuditNoun.self, NoticeNoun.self, MailNoun.self,
    ]

    package static let subcommands = backupNouns + projectNouns + clusterNouns

    package static let backupGroup = CommandGroup(name: "Backups", subcommands: backupNouns)
    package static let projectGroup = CommandGroup(name: "Projects", subcommands: projectNouns)
}

/// The root of the grammar wherever there are no local commands: on the console port and in the shell.
struct ConsoleRoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "holdfast",
        abstract: "Backups and restores of web projects.",
        groupedSubcommands: [
            ClientCommands.backupGroup, ClientCommands.projectGroup,
            CommandGroup(name: "Cluster", subcommands: ClientCommands.clusterNouns),
        ])
}
