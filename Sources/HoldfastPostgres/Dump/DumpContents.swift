/// The head of a dump in PostgreSQL's custom format: who made it, and the list of what it holds.
package struct DumpContents: Hashable, Sendable {
    /// The archive format's own, such as 1.14.
    package var formatVersion: String
    package var database: String
    package var serverVersion: String
    package var toolVersion: String
    package var entries: [DumpEntry]
}

/// One entry of a dump's table of contents.
package struct DumpEntry: Hashable, Sendable {
    package var dumpID: Int32
    /// `TABLE`, `TABLE DATA`, `ACL`, …
    package var kind: String
    package var tag: String
    package var schema: String?
    package var owner: String?
    /// The SQL that makes it; kept only for the kinds where the load plan looks into it.
    package var definition: String?
    /// Whether the data is in COPY's text form.
    package var isCopied: Bool
    /// Whether the dump promises a data block for it.
    package var hasData: Bool

    package init(
        dumpID: Int32, kind: String, tag: String, schema: String? = nil, owner: String? = nil,
        definition: String? = nil, isCopied: Bool = false, hasData: Bool = false
    ) {
        self.dumpID = dumpID
        self.kind = kind
        self.tag = tag
        self.schema = schema
        self.owner = owner
        self.definition = definition
        self.isCopied = isCopied
        self.hasData = hasData
    }

    static func keepsDefinition(kind: String, tag: String) -> Bool {
        switch kind {
        case "ACL", "DEFAULT ACL", "EXTENSION", "ENCODING", "EVENT TRIGGER", "SCHEMA", "SECURITY LABEL": true
        case "COMMENT": tag.hasPrefix("EXTENSION ") || tag.hasPrefix("EVENT TRIGGER ")
        default: false
        }
    }
}
