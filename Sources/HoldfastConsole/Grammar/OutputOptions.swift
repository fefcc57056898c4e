/// How an answer is to be shown, and by which settings the cluster is reached.
package struct OutputOptions: Hashable, Sendable {
    package var json = false
    /// With `json`: print events, too.
    package var progress = false
    package var quiet = false
    package var noColor = false
    /// The path of the client's settings; nil looks in the usual places.
    package var client: String?
    /// Where bytes go that a command gives: a path, or `-`; nil for their own name, here.
    package var output: String?
    /// Whether they may replace a file.
    package var force = false
    /// How long to wait before the answer is asked for again; nil asks once.
    package var every: Duration?

    package init() {}
}
