import GRDB
import HoldfastModel

/// The one row that says whose term it is.
struct Office {
    var epoch: Int64
    var incarnation: String

    private var sum: Int64 { RowSum(epoch: epoch, incarnation: incarnation).value }

    /// Nil for a catalog that was only just created.
    static func read(_ database: Database) throws -> Office? {
        let statement = try database.cachedStatement(sql: "SELECT epoch, incarnation, sum FROM office")
        guard let row = try Row.fetchOne(statement) else { return nil }
        let office = Office(epoch: try row.decode(atIndex: 0), incarnation: try row.decode(atIndex: 1))
        guard try row.decode(Int64.self, atIndex: 2) == office.sum else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the epoch's row does not match its sum")
        }
        return office
    }

    func write(_ database: Database) throws {
        try database.cachedStatement(sql: "REPLACE INTO office (only, epoch, incarnation, sum) VALUES (1, ?, ?, ?)")
            .execute(arguments: [epoch, incarnation, sum])
    }
}
