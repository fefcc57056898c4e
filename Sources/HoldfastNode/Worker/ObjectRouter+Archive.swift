package import HoldfastArchive

extension ObjectRouter: ObjectSink, ObjectSource {
    package func put(_ object: SealedObject) async throws {
        try await put(object.kind, object.name, bytes: object.bytes)
    }
}
