import HoldfastArchive
import HoldfastCatalog
import HoldfastModel
import Logging

/// After the cluster key was rotated, seals everything that the catalog keeps sealed with the new one. The last to be sealed
/// is what `KeyCheck` looks at: while an earlier key opens that, there is work left, whoever began it.
struct KeyRewrap {
    private static let batch = 100
    private static let pause = Duration.seconds(5)
    /// After which secrets that no key opened are looked at again.
    private static let patience = Duration.seconds(10 * 60)

    let office: Office

    /// Until it is done; what could not be written is written later.
    func run() async {
        while !Task.isCancelled {
            do {
                if try await perform() { return }
                try await office.time.sleep(for: Self.patience)
            } catch is CancellationError {
                return
            } catch let error as HoldfastError where error.code == .deposed || error.code == .cancelled {
                return
            } catch {
                office.logger.error("Sealing with the new cluster key: \(HoldfastError(error).message)")
                try? await office.time.sleep(for: Self.pause)
            }
        }
    }

    /// Looks at everything that is sealed for as long as there are earlier keys: a catalog that was rebuilt has taken up what
    /// was sealed with them.
    ///
    /// - Returns: whether no earlier key is needed any more.
    @discardableResult
    func perform() async throws -> Bool {
        guard office.clusterKey.earlierCount > 0,
            let check = try await office.catalog.get(Setting<SealedSecret>.self, .keyCheck)
        else { return true }
        let outcome = try await rewrap()
        guard outcome.refused.isEmpty else {
            office.logger.error(
                """
                \(outcome.refused.count) secrets are sealed with a key that is not in the key file, so that the rotation can't be \
                finished: \(outcome.refused.prefix(20).joined(separator: ", ")). Add that key as the last line of the file and start \
                again, or set these secrets again
                """)
            return false
        }
        if try await finish(check) || outcome.count > 0 {
            office.logger.notice(
                """
                All secrets of the catalog are sealed with cluster key \(office.clusterKey.fingerprint), \(outcome.count) of them \
                anew. When every node has been here, print a new recovery file, and end the rotation: \
                `holdfast cluster rotate-key --finish`
                """)
        }
        return true
    }

    /// - Returns: whether it was not done before.
    private func finish(_ check: Stored<Setting<SealedSecret>>) async throws -> Bool {
        let known = check.value.value
        guard let sealed = try office.clusterKey.resealed(known, purpose: KeyCheck.purpose, entropy: office.entropy)
        else {
            return false
        }
        var changes = Changes()
        try changes.put(Setting(.keyCheck, sealed), over: check)
        try await office.ledger.commit(changes)
        return true
    }

    /// - Returns: how many records have something that was sealed anew, and which secrets no key opens.
    private func rewrap() async throws -> (count: Int, refused: [String]) {
        var refused: [String] = []
        func resealed(_ sealed: SealedSecret, _ purpose: String, _ what: String) throws -> SealedSecret? {
            do {
                return try office.clusterKey.resealed(sealed, purpose: purpose, entropy: office.entropy)
            } catch let error as HoldfastError where error.code == .corrupt {
                refused.append(what)
                return nil
            }
        }
        var count = 0
        count += try await rewrap(Project.self) { project in
            let what = "the key of project \(project.name)"
            guard let key = try resealed(project.wrappedKey, ProjectActor.purpose(project.id), what) else {
                return false
            }
            project.wrappedKey = key
            return true
        }
        count += try await rewrap(Environment.self) { environment in
            var isChanged = false
            for index in environment.services.indices {
                let service = environment.services[index]
                let what = "the password of \(service.reference) of \(environment.reference)"
                guard case .database(let address, let password?) = service.target,
                    let sealed = try resealed(
                        password, ServiceTargets.purpose(environment.reference, service.reference), what)
                else { continue }
                environment.services[index].target = .database(address, password: sealed)
                isChanged = true
            }
            return isChanged
        }
        count += try await rewrap(NoticeTarget.self) { target in
            guard case .webhook(var webhook) = target.road else { return false }
            let what = "webhook \(target.id)"
            let url = try resealed(webhook.url, WebhookWriter.urlPurpose(target.id), what)
            let key = try resealed(webhook.key, WebhookWriter.keyPurpose(target.id), what)
            guard url != nil || key != nil else { return false }
            webhook.url = url ?? webhook.url
            webhook.key = key ?? webhook.key
            target.road = .webhook(webhook)
            return true
        }
        count += try await rewrap(StoredAnswer.self) { answer in
            // One that no key opens is forgotten within a day.
            guard let result = answer.result,
                let sealed = try? office.clusterKey.resealed(
                    result, purpose: StoredAnswer.purpose(answer.name), entropy: office.entropy)
            else { return false }
            answer.result = sealed
            return true
        }
        return (count, refused)
    }

    /// - Parameter change: whether there was something to seal anew.
    private func rewrap<Value: CatalogRecord>(
        _ type: Value.Type, _ change: (inout Value) throws -> Bool
    ) async throws -> Int {
        let all = try await office.catalog.all(type)
        var count = 0
        for start in stride(from: 0, to: all.count, by: Self.batch) {
            var changes = Changes()
            for stored in all[start..<min(start + Self.batch, all.count)] {
                var value = stored.value
                guard try change(&value) else { continue }
                try changes.put(value, over: stored)
                count += 1
            }
            if !changes.writes.isEmpty { try await office.ledger.commit(changes) }
        }
        return count
    }
}
