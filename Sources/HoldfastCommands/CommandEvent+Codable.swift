import Foundation
import HoldfastModel

// An event is an object of one key, its kind: `{"step": "swap"}`, `{"progress": {…}}`.
extension CommandEvent {
    private enum CodingKeys: String, CodingKey {
        case accepted, step, progress, waiting, note, content, piece
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not one known kind of event"))
        }
        switch key {
        case .accepted: self = .accepted(try container.decode(Accepted.self, forKey: key))
        case .step: self = .step(try container.decode(String.self, forKey: key))
        case .progress: self = .progress(try container.decode(Progress.self, forKey: key))
        case .waiting: self = .waiting(try container.decode(String.self, forKey: key))
        case .note: self = .note(try container.decode(String.self, forKey: key))
        case .content: self = .content(try container.decode(ContentHead.self, forKey: key))
        case .piece: self = .piece(Array(try container.decode(Data.self, forKey: key)))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .accepted(let accepted): try container.encode(accepted, forKey: .accepted)
        case .step(let step): try container.encode(step, forKey: .step)
        case .progress(let progress): try container.encode(progress, forKey: .progress)
        case .waiting(let what): try container.encode(what, forKey: .waiting)
        case .note(let note): try container.encode(note, forKey: .note)
        case .content(let head): try container.encode(head, forKey: .content)
        // In base64.
        case .piece(let bytes): try container.encode(Data(bytes), forKey: .piece)
        }
    }
}
