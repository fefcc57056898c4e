/// A port that hands out the links which peers open to it.
package protocol LinkListener: Sendable {
    /// The actual one, where 0 was asked for.
    var port: Int { get }

    /// Serves each link in a task of its own until this task is cancelled; then the port and all links are closed, and
    /// it returns when every `serve` has.
    func run(_ serve: @escaping @Sendable (any Link) async -> Void) async
}
