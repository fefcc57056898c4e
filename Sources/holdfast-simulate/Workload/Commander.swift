import HoldfastCommands
import HoldfastModel

/// Gives commands to whichever coordinator leads, as a person at its console does.
struct Commander: Sendable {
    static let principal = Principal(name: "admin", isAdministrator: true)

    let world: World

    /// - Throws: the command's error; `unavailable` where no coordinator leads or it dies first, and `timedOut` where the
    ///   person has given up. What was commanded may be done all the same.
    @discardableResult
    func give(_ command: Command, patience: Duration = .seconds(120)) async throws -> CommandResult {
        guard let leading = world.leading else { throw HoldfastError(.unavailable, "No coordinator leads") }
        return try await leading.life.lend(patience) {
            try await leading.coordinator.commands.perform(command, as: Self.principal) { _ in }
        }
    }

    /// Gives the command again until it is done; for times without faults.
    func insist(_ command: Command, for patience: Duration) async throws -> CommandResult {
        let end = SeededExecutor.shared.now + patience
        while true {
            do {
                return try await give(command)
            } catch {
                guard HoldfastError(error).retryClass == .later, SeededExecutor.shared.now < end else { throw error }
                await Pause.take(.seconds(2), in: .outside)
            }
        }
    }
}

extension Life {
    /// Not of any process: what the simulation itself does.
    static let outside = Life(process: "simulation", number: 0)

    /// Has the process do something for somebody outside, who gives up after a while, or when the process dies.
    func lend<Result: Sendable>(
        _ patience: Duration, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let loan = Loan<Result>()
        let watch = whenItEnds { loan.settle(.failure(HoldfastError(.unavailable, "\(self.process) has died"))) }
        let timer = SeededExecutor.shared.after(patience) {
            loan.settle(.failure(HoldfastError(.timedOut, "no answer")))
        }
        let task = Task {
            do { loan.settle(.success(try await work())) } catch { loan.settle(.failure(error)) }
        }
        let outcome = await withUnsafeContinuation { loan.wait($0) }
        forget(watch)
        SeededExecutor.shared.cancel(timer: timer)
        task.cancel()
        return try outcome.get()
    }
}

/// An answer that is waited for, from wherever it comes first.
private final class Loan<Value: Sendable>: @unchecked Sendable {
    private var answer: Result<Value, any Error>?
    private var waiter: UnsafeContinuation<Result<Value, any Error>, Never>?

    func settle(_ answer: Result<Value, any Error>) {
        guard self.answer == nil else { return }
        self.answer = answer
        waiter?.resume(returning: answer)
        waiter = nil
    }

    func wait(_ waiter: UnsafeContinuation<Result<Value, any Error>, Never>) {
        if let answer { waiter.resume(returning: answer) } else { self.waiter = waiter }
    }
}
