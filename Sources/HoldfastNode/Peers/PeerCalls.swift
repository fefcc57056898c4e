package import HoldfastModel
package import HoldfastWire

/// How a node asks others for objects. Every error is a `HoldfastError`; `unavailable` where the peer can't be reached.
package protocol PeerCalls: Sendable {
    func put(_ message: PutObject, bytes: [UInt8], to member: Layout.Member, by road: Road) async throws
    /// - Returns: the bytes of the range, and how many the whole object has.
    func get(
        _ message: GetObject, from member: Layout.Member, by road: Road
    ) async throws -> (bytes: [UInt8], size: Int64)
    /// - Returns: what the peer holds, and which objects it refused.
    func hold(
        _ message: HoldObjects, objects: [ObjectName], at member: Layout.Member
    ) async throws -> (reply: HoldObjects.Reply, refused: [ObjectName])
    /// - Returns: the records, one after the other.
    func survey(_ message: SurveyObjects, of member: Layout.Member) async throws -> [UInt8]
    /// - Returns: those that are not there as they should be.
    func examine(
        _ message: ExamineObjects, objects: [ObjectReference], at member: Layout.Member
    ) async throws -> [ObjectReference]
}
