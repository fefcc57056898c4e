import HoldfastCatalog
import HoldfastModel
import HoldfastWire

/// Changes what is said on its way, where a variant's defect is that it was said wrongly.
struct Forgery {
    let variant: Variant?

    /// An order as it reaches a node.
    func order(_ frame: Frame, epoch: Epoch) -> Frame {
        guard case .open(let stream, let name, let body, let ends) = frame else { return frame }
        let text = String(decoding: body, as: UTF8.self)
        let forged: String
        switch variant {
        case .ordersBearAnyEpoch: forged = text.replacing(/"epoch":[0-9]+/, with: "\"epoch\":\(epoch)")
        // Coordinators have things held only for what has moved; what is made is held by its worker.
        case .movesUnheld where name == HoldObjects.name:
            forged = text.replacing(/"backup":"[0-9a-z]+"/, with: "\"backup\":\"000000000000\"")
        default: return frame
        }
        return .open(stream, name: name, body: Array(forged.utf8), ends: ends)
    }

    /// A transaction as it is committed.
    func transaction(_ transaction: Transaction, epoch: Epoch) -> Transaction {
        var forged = transaction
        switch variant {
        case .catalogForgetsEpochs: forged.epoch = epoch
        case .skipsSafetyBackup:
            forged.writes = forged.writes.map {
                $0.replacing([
                    ("\"step\":\"safetyBackup\"", "\"step\":\"stage\""),
                    ("\"hasBegunStaging\":false", "\"hasBegunStaging\":true"),
                ])
            }
        case .dropsOldContentEarly:
            forged.writes = forged.writes.map { $0.replacing([("\"step\":\"kept\"", "\"step\":\"clean\"")]) }
        default: break
        }
        return forged
    }

    /// Whether a coordinator finds nothing that it looks for.
    func hides(_ query: RecordQuery) -> Bool { variant == .forgetsDownloads && query.kind == .download }

    /// A record as a coordinator reads it.
    func record(_ record: Record) -> Record {
        guard variant == .fewerCopies, record.key.kind == .project else { return record }
        var forged = record
        let text = String(decoding: record.body, as: UTF8.self)
        forged.body = Array(text.replacing(/"(copies|regions)":[0-9]+/) { "\"\($0.1)\":1" }.utf8)
        return forged
    }
}

extension Write {
    /// Jobs only, and all of the replacements or none.
    fileprivate func replacing(_ replacements: [(String, String)]) -> Write {
        guard case .put(let key, let scope, let group, let order, let body) = self, key.kind == .job else {
            return self
        }
        var text = String(decoding: body, as: UTF8.self)
        guard replacements.allSatisfy({ text.contains($0.0) }) else { return self }
        for (old, new) in replacements { text = text.replacing(old, with: new) }
        return .put(key, scope: scope, group: group, order: order, body: Array(text.utf8))
    }
}
