/// Where every identifier, salt and key comes from, so that a simulation replays from its seed.
package protocol Entropy: Sendable {
    func bytes(_ count: Int) -> [UInt8]
}
