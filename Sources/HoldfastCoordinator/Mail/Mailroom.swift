import HoldfastModel
import Synchronization

/// Tells the outbox that there is new mail, so that nobody waits for its next round.
package final class Mailroom: Sendable {
    private let signal = Mutex(Signal())

    package init() {}

    /// To be called once the mail is in the catalog.
    package func hasNews() { signal.withLock { $0 }.send() }

    /// Returns at the next news, or after the time.
    func wait(atMost pause: Duration, _ time: any TimeSource) async {
        let signal = signal.withLock { $0 }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await signal.wait() }
            group.addTask { try? await time.sleep(for: pause) }
            await group.next()
            group.cancelAll()
        }
        if signal.isSent { self.signal.withLock { $0 = Signal() } }
    }
}
