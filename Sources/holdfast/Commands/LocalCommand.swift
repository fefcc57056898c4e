import ArgumentParser
import HoldfastModel

/// A subcommand that this process performs itself. Its errors are shown as those of the cluster's commands are.
protocol LocalCommand: AsyncParsableCommand {
    func perform() async throws
}

extension LocalCommand {
    func run() async throws {
        do {
            try await perform()
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            let error = HoldfastError(error)
            Serving.say("error: \(error.message)")
            throw ExitCode(error.code.exitStatus)
        }
    }
}

extension SocketAddress: ExpressibleByArgument {
    init?(argument: String) { try? self.init(argument) }
}

extension ByteSize: ExpressibleByArgument {
    init?(argument: String) { try? self.init(argument) }
}

extension Name: ExpressibleByArgument {
    package init?(argument: String) { try? self.init(argument) }
}
