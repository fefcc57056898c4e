import HoldfastModel

/// One row of a result, each value as the server's text.
struct PostgresRow: Sendable {
    let values: [String?]

    /// The value of a column that can't be null.
    func text(_ column: Int) throws -> String {
        guard column < values.count, let value = values[column] else {
            throw HoldfastError(.internal, "PostgreSQL gave no value in column \(column)")
        }
        return value
    }

    func optional(_ column: Int) -> String? { column < values.count ? values[column] : nil }

    func bool(_ column: Int) throws -> Bool { try text(column) == "t" }

    func int(_ column: Int) throws -> Int64 { try number(column) }

    func oid(_ column: Int) throws -> UInt32 { try number(column) }

    private func number<Number: FixedWidthInteger>(_ column: Int) throws -> Number {
        guard let value = Number(try text(column)) else {
            throw HoldfastError(.internal, "PostgreSQL gave no number in column \(column)")
        }
        return value
    }
}
