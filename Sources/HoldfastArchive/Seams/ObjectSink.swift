/// Where finished objects go. `put` returns when the object is stored as durably as the policy asks.
package protocol ObjectSink: Sendable {
    func put(_ object: SealedObject) async throws
}
