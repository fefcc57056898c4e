import HoldfastModel

extension ByteWriter {
    /// Which part of which backup an object belongs to.
    mutating func part(_ project: ProjectID, _ backup: BackupID, _ service: ServiceReference) {
        raw(project.text.utf8)
        raw(backup.text.utf8)
        integer(service.kind.number)
        short(service.name.utf8)
    }
}

extension ByteReader {
    mutating func part() throws(HoldfastError) -> (ProjectID, BackupID, ServiceReference) {
        guard let project = ProjectID(try text(try raw(ProjectID.length))) else { throw damaged("it names no project") }
        guard let backup = BackupID(try text(try raw(BackupID.length))) else { throw damaged("it names no backup") }
        let number = try integer(UInt8.self)
        guard let kind = ServiceKind.allCases.first(where: { $0.number == number }) else {
            throw damaged("it names no kind of service")
        }
        let name = try text(try short())
        do {
            return (project, backup, try ServiceReference(kind, name: name))
        } catch {
            throw damaged("it names no service")
        }
    }
}

extension ServiceKind {
    var number: UInt8 {
        switch self {
        case .database: 1
        case .media: 2
        }
    }
}
