/// Time that passes for a process while something outside it does its work. Being cancelled doesn't cut it short, as it
/// doesn't cut short a disk's sync; the death of the process does.
enum Pause {
    static func take(_ duration: Duration, in life: Life) async {
        let pause = Ongoing()
        let watch = life.whenItEnds { pause.finish() }
        await withUnsafeContinuation { continuation in
            guard life.isAlive else { return continuation.resume() }
            pause.continuation = continuation
            pause.timer = SeededExecutor.shared.after(duration) { pause.finish() }
        }
        life.forget(watch)
    }

    private final class Ongoing: @unchecked Sendable {
        var continuation: UnsafeContinuation<Void, Never>?
        var timer: Int?

        func finish() {
            guard let continuation else { return }
            self.continuation = nil
            if let timer { SeededExecutor.shared.cancel(timer: timer) }
            continuation.resume()
        }
    }
}
