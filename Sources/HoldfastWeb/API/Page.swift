import HoldfastModel

/// A page of a list, and what the next one begins after.
struct Page: Codable {
    var items: [JSONValue]
    var next: String?

    /// - Parameters:
    ///   - key: the member that names an item.
    ///   - isTurned: the command gave this page alone, and at most `limit` of it.
    /// - Throws: `notFound` for an item to go on after that is gone.
    init(_ all: [JSONValue], key: String, _ limit: Int, _ cursor: String?, isTurned: Bool) throws {
        var rest = all[...]
        if let cursor, !isTurned {
            guard let index = all.firstIndex(where: { $0[key]?.text == cursor }) else {
                throw HoldfastError(.notFound, "What the page was to go on after is gone: begin anew")
            }
            rest = all[(index + 1)...]
        }
        items = Array(rest.prefix(limit))
        if isTurned ? items.count == limit : rest.count > limit { next = items.last?[key]?.text }
    }
}
