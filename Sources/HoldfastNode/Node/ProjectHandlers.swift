import HoldfastArchive
import HoldfastModel
import HoldfastWire

/// The messages about records of projects, which only a coordinator sends.
struct ProjectHandlers {
    let store: ObjectStore
    let worker: Worker

    func register(in handlers: inout Handlers) {
        let (store, worker) = (store, worker)
        handlers.on(StoreProject.self, allow: [.coordinator]) { message, context in
            let bytes = try await context.bulkIn.collect(upTo: SealedProjectRecord.byteLimit)
            return StoreProject.Reply(
                version: try await store.store(bytes, of: message.project, by: message.order))
        }
        handlers.on(ListProjects.self, allow: [.coordinator]) { _, context in
            let versions = try await store.projectVersions()
            var bytes: [UInt8] = []
            for (project, version) in versions {
                bytes += Array(project.text.utf8)
                withUnsafeBytes(of: version.bigEndian) { bytes += $0 }
            }
            try await StorageHandlers.send(bytes, to: context.bulkOut)
            return ListProjects.Reply(count: versions.count)
        }
        handlers.on(GetProject.self, allow: [.coordinator]) { message, context in
            try await StorageHandlers.send(try await store.projectRecord(message.project), to: context.bulkOut)
            return Done()
        }
        handlers.on(EraseProject.self, allow: [.coordinator]) { message, context in
            let bytes = try await context.bulkIn.collect(upTo: SealedProjectRecord.byteLimit)
            let deletion = try await store.erase(message.project, leaving: bytes, by: message.order)
            try await worker.erase(message.project)
            return EraseProject.Reply(objects: deletion.objects, bytes: deletion.bytes)
        }
        handlers.on(RemoveProject.self, allow: [.coordinator]) { message, _ in
            try await store.removeRecord(of: message.project, by: message.order)
            return Done()
        }
    }
}
