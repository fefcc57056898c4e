/// A statement of a script, without the semicolon that ends it and without comments.
struct ScriptStatement: Equatable {
    /// In the script's own encoding.
    var text: [UInt8]
    /// Its first bare words outside of parentheses, in lower case; see `ScriptReader.wordLimit`.
    var words: [String]
}

/// What a script consists of.
enum ScriptPart: Equatable {
    case statement(ScriptStatement)
    /// A `COPY … FROM stdin`; what follows is `data` up to `dataEnd`.
    case copy(ScriptStatement)
    /// Bytes of COPY's text form, cut anywhere.
    case data(ArraySlice<UInt8>)
    case dataEnd
    /// A line for psql, without its backslash.
    case metaCommand(String)
}
