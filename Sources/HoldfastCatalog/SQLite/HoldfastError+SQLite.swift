import GRDB
import HoldfastModel

extension HoldfastError {
    /// Tells an error of SQLite in our words.
    init(_ error: any Error, catalog path: String) {
        // A value of another type than the schema's: a rotten header of a row.
        if error is RowDecodingError {
            self = .damagedCatalog(path, "a row has a value of the wrong type")
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(error)
            return
        }
        let catalog = "the catalog \(path.printable())"
        let detail = "\(error.extendedResultCode): \(error.message ?? "no further message")".printable()
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.noSpace, "There is no space for \(catalog): free some; nothing was changed")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            self = .damagedCatalog(path, detail)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_NOLFS:
            self.init(
                .inputOutput,
                "Can't read or write \(catalog) (\(detail)): check the disk and the rights of the data directory",
                context: ["path": path])
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "Another program holds \(catalog) (\(detail)): close what has it open, and retry")
        case .SQLITE_TOOBIG: self.init(.tooLarge, "Too large for \(catalog) (\(detail))")
        case .SQLITE_MISUSE: self.init(.unavailable, "\(catalog) is closed (\(detail))")
        default: self.init(.internal, "Unexpected from \(catalog): \(detail)")
        }
    }

    static func damagedCatalog(_ path: String, _ detail: String) -> HoldfastError {
        HoldfastError(
            .corrupt,
            """
            The catalog \(path.printable()) is damaged (\(detail)). The backups on the nodes are not affected. Stop \
            Holdfast, keep the damaged file and those beside it (-wal, -shm), check the disk, and put back a copy of the \
            catalog
            """,
            context: ["path": path])
    }
}
