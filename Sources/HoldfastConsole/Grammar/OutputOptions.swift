/// How an answer is to be shown, and by which settings the cluster is reached.
package struct OutputOptions: Hashable, Sendable {
    package var json = false
    /// With `json`: print events, too.
    package var progress = false
    package var quiet = false
    package var noColor = false
    /// The path of the client's settings; nil looks in the usual places.
    package var client: String?

    package init() {}
}
