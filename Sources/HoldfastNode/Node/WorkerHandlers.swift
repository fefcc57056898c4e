import HoldfastModel
import HoldfastWire

/// The orders that a coordinator gives to a node's worker.
struct WorkerHandlers {
    let worker: Worker

    func register(in handlers: inout Handlers) {
        let worker = worker
        handlers.on(CheckServices.self, allow: [.coordinator]) { message, _ in try await worker.check(message) }
        handlers.on(CaptureServices.self, allow: [.coordinator]) { message, context in
            try await worker.capture(message) { try await context.send($0) }
        }
        handlers.on(StageServices.self, allow: [.coordinator]) { message, context in
            try await worker.stage(message) { try await context.send($0) }
        }
        handlers.on(VerifyStaged.self, allow: [.coordinator]) { message, context in
            try await worker.verify(message) { try await context.send($0) }
            return Done()
        }
        handlers.on(SwapServices.self, allow: [.coordinator]) { message, context in
            try await worker.swap(message) { try await context.send($0) }
        }
        handlers.on(ConfirmSwap.self, allow: [.coordinator]) { message, _ in
            try await worker.confirm(message)
            return Done()
        }
        handlers.on(DropAside.self, allow: [.coordinator]) { message, _ in
            try await worker.drop(message)
            return Done()
        }
        handlers.on(RestoreFiles.self, allow: [.coordinator]) { message, context in
            try await worker.restore(message) { try await context.send($0) }
        }
        handlers.on(TidyFiles.self, allow: [.coordinator]) { message, _ in try await worker.tidy(message) }
        handlers.on(PrepareDownload.self, allow: [.coordinator]) { message, context in
            try await worker.prepare(message) { try await context.send($0) }
        }
        handlers.on(LocateContent.self, allow: [.coordinator]) { message, context in
            try await worker.locate(message) { try await context.send($0) }
        }
        handlers.on(ReadDownload.self, allow: [.coordinator]) { message, context in
            let bulk = context.bulkOut
            try await worker.read(message) { try await bulk.write($0) }
            return Done()
        }
        handlers.on(RewriteShards.self, allow: [.coordinator]) { message, context in
            var lists: [[UInt8]] = []
            for try await record in context.bulkIn.records(of: ListRecord.byteCount) { lists.append(record) }
            let (reply, stored) = try await worker.rewrite(message, lists)
            try await context.bulkOut.write(stored)
            return reply
        }
        handlers.on(FetchObjects.self, allow: [.coordinator]) { message, context in
            let objects = try await StorageHandlers.references(from: context.bulkIn)
            let (reply, missing) = try await worker.fetch(message, objects)
            try await context.bulkOut.write(missing.flatMap(\.bytes))
            return reply
        }
        registerBrowsing(in: &handlers)
        handlers.on(VerifyBackup.self, allow: [.coordinator]) { message, context in
            try await worker.verify(message) { try await context.send($0) }
        }
    }

    private func registerBrowsing(in handlers: inout Handlers) {
        let worker = worker
        handlers.on(ListTables.self, allow: [.coordinator]) { message, context in
            let (tables, total) = try await worker.tables(message)
            try await context.bulkOut.write(try WireJSON.bulk(of: tables, "list of tables"))
            return ListTables.Reply(total: total)
        }
        handlers.on(ListFiles.self, allow: [.coordinator]) { message, context in
            let (files, next) = try await worker.files(message)
            try await context.bulkOut.write(try WireJSON.bulk(of: files, "list of files"))
            return ListFiles.Reply(next: next)
        }
        handlers.on(FindFiles.self, allow: [.coordinator]) { message, context in
            let (files, isCut) = try await worker.find(message)
            try await StorageHandlers.send(
                try WireJSON.bulk(of: files, "list of files found"), to: context.bulkOut)
            return FindFiles.Reply(isCut: isCut)
        }
        handlers.on(CompareParts.self, allow: [.coordinator]) { message, context in
            let difference = try await worker.compare(message)
            try await StorageHandlers.send(
                try WireJSON.bulk(of: difference, "difference of parts"), to: context.bulkOut)
            return Done()
        }
        handlers.on(DescribeParts.self, allow: [.coordinator]) { message, context in
            let descriptions = try await worker.describe(
                message, try await StorageHandlers.names(from: context.bulkIn))
            let bytes = try WireJSON.bulk(of: descriptions, "descriptions of parts")
            try await StorageHandlers.send(bytes, to: context.bulkOut)
            return DescribeParts.Reply(count: descriptions.count)
        }
    }
}
