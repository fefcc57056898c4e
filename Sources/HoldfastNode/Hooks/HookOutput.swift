import HoldfastModel
import Synchronization

/// The last bytes of what a command says.
final class HookOutput: Sendable {
    private let limit: Int
    private let bytes = Mutex<[UInt8]>([])

    init(limit: Int) { self.limit = limit }

    func append(_ more: UnsafeRawBufferPointer) {
        bytes.withLock { bytes in
            bytes.append(contentsOf: more.suffix(limit))
            if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
        }
    }

    /// Each line made printable.
    func lastLines(_ count: Int) -> String {
        String(decoding: bytes.withLock { $0.suffix(limit) }, as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(count).map { String($0).printable(limit: 200) }
            .joined(separator: " | ")
    }
}
