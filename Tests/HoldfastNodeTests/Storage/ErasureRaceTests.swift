import HoldfastArchive
import HoldfastModel
import HoldfastTestKit
import HoldfastWire
import Synchronization
import Testing

@testable import HoldfastNode

/// A project is erased while it is worked on, at every step that the disk is asked for.
@Suite struct ErasureRaceTests {
    private struct Scene {
        let meddler = Meddler()
        let disk: MemoryDisk
        let store: ObjectStore

        init() async throws {
            disk = MemoryDisk(before: { [meddler] _ in await meddler.pass() })
            store = try await Erasure.filled(disk)
        }

        /// Erases the project before a step of the work.
        ///
        /// - Returns: whether the work was done all the same; nil where it has not so many steps.
        func erasing(at step: Int, during work: (ObjectStore) async throws -> Void) async -> Bool? {
            let store = store
            meddler.meet(after: step) {
                do { _ = try await store.erase() } catch { Issue.record(error, "step \(step)") }
            }
            let isDone: Bool
            do {
                try await work(store)
                isDone = true
            } catch {
                isDone = false
            }
            return meddler.hasMet ? isDone : nil
        }
    }

    /// Nothing is left, and a power cut brings nothing back.
    private func expectNothing(_ scene: Scene, _ step: Int) async throws {
        let hint: Comment = "step \(step)"
        let statistics = try await scene.store.statistics()
        #expect(statistics.objects == 0 && statistics.storedBytes == 0, hint)
        #expect(await scene.store.holds.isEmpty, hint)
        #expect(Erasure.left(on: scene.disk.volume) == [], hint)
        scene.disk.volume.powerCut(seed: UInt64(step))
        #expect(Erasure.left(on: scene.disk.volume).filter { !$0.hasPrefix("incoming/") } == [], hint)
    }

    @Test func whatArrivesMeanwhileGoesAtOnce() async throws {
        for step in 0... {
            let scene = try await Scene()
            guard let isStored = await scene.erasing(at: step, during: { try await $0.put(Fixture.object(3)) }) else {
                #expect(step > 8)
                return
            }
            #expect(!isStored, "step \(step)")
            try await expectNothing(scene, step)
        }
    }

    @Test func whatIsHeldMeanwhileIsLetGoAtOnce() async throws {
        for step in 0... {
            let scene = try await Scene()
            let isHeld = await scene.erasing(at: step) { store in
                _ = try await store.hold(
                    Fixture.otherBackup, project: Fixture.project, objects: [Fixture.object(1).name],
                    until: FixedTime().now.advanced(by: .seconds(1000)), layout: 1)
            }
            guard let isHeld else {
                #expect(step > 5)
                return
            }
            #expect(!isHeld, "step \(step)")
            try await expectNothing(scene, step)
        }
    }

    /// What is locked is given up by nobody's word, and what is erased is not locked.
    @Test func eitherALockComesFirstOrTheErasure() async throws {
        for step in 0... {
            let scene = try await Scene()
            let store = scene.store
            let isLocked = Mutex(false)
            scene.meddler.meet(after: step) {
                let until = FixedTime().now.advanced(by: .seconds(1000))
                let outcome = try? await store.hold(
                    Fixture.otherBackup, project: Fixture.project, objects: [], until: until, lockedUntil: until,
                    layout: 1)
                isLocked.withLock { $0 = outcome != nil }
            }
            let isErased = (try? await store.erase()) != nil
            guard scene.meddler.hasMet else {
                #expect(step > 15)
                return
            }
            #expect(isErased != isLocked.withLock(\.self), "step \(step)")
            // One that was refused for the lock's sake takes what comes.
            if !isErased { try await store.put(Fixture.object(3)) }
        }
    }

    /// An erasure that fails must not have cost what was held before: a hold that it refused leaves the earlier one.
    @Test func whatWasHeldOutlivesAHoldThatComesTooLate() async throws {
        for step in 0... {
            let scene = try await Scene()
            let store = scene.store
            let name = Fixture.object(3).name
            @Sendable func hold() async throws {
                _ = try await store.hold(
                    Fixture.otherBackup, project: Fixture.project, objects: [name],
                    until: FixedTime().now.advanced(by: .seconds(1000)), layout: 1)
            }
            try await store.put(Fixture.object(3))
            try await hold()
            scene.disk.volume.fail(next: "rename projects/", with: .noSpace)
            scene.meddler.meet(after: step) { try? await hold() }
            await #expect(throws: HoldfastError.self) { try await store.erase() }
            guard scene.meddler.hasMet else {
                #expect(step > 4)
                return
            }
            for store in [store, try await reopened(scene)] {
                #expect(try await store.isHeld(name), "step \(step)")
            }
            try await hold()
        }
    }

    private func reopened(_ scene: Scene) async throws -> ObjectStore {
        scene.disk.volume.powerCut(seed: 1)
        return try await Fixture.store(on: scene.disk)
    }

    @Test func aCrashAtAnyStepLeavesAllOrNothing() async throws {
        let whole = MemoryDisk()
        let store = try await Erasure.filled(whole)
        let before = whole.volume.steps
        _ = try await store.erase()
        let steps = whole.volume.steps - before
        #expect(steps > 20)
        var outcomes: Set<Bool> = []
        for step in 0...steps {
            for seed in 0..<UInt64(3) {
                let disk = MemoryDisk()
                let store = try await Erasure.filled(disk)
                let all = Erasure.left(on: disk.volume)
                disk.volume.crash(at: step)
                _ = try? await store.erase()
                disk.volume.powerCut(seed: seed)
                let next = try await Fixture.store(on: disk)
                let isErased = try await SealedProjectRecord(
                    decoding: next.projectRecord(Fixture.project)
                ).isErased
                outcomes.insert(isErased)
                let hint: Comment = "step \(step), seed \(seed)"
                #expect(Erasure.left(on: disk.volume) == (isErased ? [] : all), hint)
                #expect(try await next.statistics().objects == (isErased ? 0 : 4), hint)
                // Also durable.
                disk.volume.powerCut(seed: seed)
                #expect(Erasure.left(on: disk.volume) == (isErased ? [] : all), hint)
            }
        }
        #expect(outcomes == [true, false])
    }
}
