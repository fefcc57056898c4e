/// How many connections of a port may be without a known peer.
package struct StrangerLimits: Hashable, Sendable {
    package var total = 256
    package var perAddress = 128

    package init() {}
}
