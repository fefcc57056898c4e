import HoldfastCommands
import HoldfastModel

// Types that are one text or number in JSON, or whose own code reads more than can be seen.

extension ID: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string", "pattern": .string(Field.idPattern)] }
    static var sample: ID {
        guard let id = ID("000000000000") else { preconditionFailure("an identifier") }
        return id
    }
}

extension Name: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string"] }
    static var sample: Name {
        guard let name = try? Name("name") else { preconditionFailure("a name") }
        return name
    }
}

extension Timestamp: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string", "format": "date-time"] }
    static var sample: Timestamp { Timestamp(milliseconds: 0) }
}

extension EnvironmentReference: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string"] }
    static var sample: EnvironmentReference { EnvironmentReference(project: .sample, environment: .sample) }
}

extension ServiceReference: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string"] }
    static var sample: ServiceReference { ServiceReference(.media) }
}

extension MailAddress: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string", "format": "email"] }
    static var sample: MailAddress {
        guard let address = try? MailAddress("a@example.org") else { preconditionFailure("an address") }
        return address
    }
}

extension ObjectName: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string", "pattern": "^[0-9a-f]{64}$"] }
    static var sample: ObjectName {
        guard let name = ObjectName(String(repeating: "0", count: 64)) else { preconditionFailure("64 digits") }
        return name
    }
}

extension Epoch: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "integer"] }
    static var sample: Epoch { Epoch(0) }
}

extension AuditEntry.Result: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue {
        ["type": "string", "pattern": "^(accepted|(refused|failed): [a-z-]+)$"]
    }
    static var sample: Self { .accepted }
}

extension CronExpression: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string"] }
    static var sample: CronExpression {
        guard let cron = try? CronExpression("0 2 * * *") else { preconditionFailure("a cron expression") }
        return cron
    }
}

extension ScheduleTiming: SchemaDescribed {
    static func schema(_ schemas: Schemas) -> JSONValue {
        schemas.choice(["preset": SchedulePreset.self, "cron": CronExpression.self])
    }
    static var sample: ScheduleTiming { .preset(.daily) }
}

extension RestorePlan.Source: SchemaDescribed {
    static func schema(_ schemas: Schemas) -> JSONValue {
        schemas.choice(["backup": BackupID.self, "kept": JobID.self])
    }
    static var sample: RestorePlan.Source { .backup(.sample) }
}

extension BackupPart.Counts: SchemaDescribed {
    static func schema(_ schemas: Schemas) -> JSONValue {
        schemas.choice(["database": DatabaseCounts.self, "media": MediaCounts.self])
    }
    static var sample: BackupPart.Counts { .media(MediaCounts()) }
}

extension CheckReport.Problem.Severity: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string", "enum": ["error", "warning"]] }
    static var sample: Self { .error }
}

extension NodeStatus.State: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["type": "string", "enum": ["up", "suspect", "down"]] }
    static var sample: Self { .up }
}

extension PhysicalIdentity: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue {
        ["description": "What it physically is: alike exactly for what is the same."]
    }
    static var sample: PhysicalIdentity { .database(system: "", oid: 0, name: "") }
}

extension OutgoingMail.Occasion: SchemaDescribed {
    static func schema(_: Schemas) -> JSONValue { ["description": "An object of one member: what it is about."] }
    static var sample: OutgoingMail.Occasion { .test(author: "") }
}
