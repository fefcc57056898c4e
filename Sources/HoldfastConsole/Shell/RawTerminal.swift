import Glibc
import HoldfastModel

/// The process's terminal, key by key.
struct RawTerminal {
    private var saved = termios()

    /// Nil where standard input is no terminal.
    init?() {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &saved) == 0 else {
            return nil
        }
    }

    /// Runs `body` with keys coming one by one and unechoed; afterwards the terminal is as before.
    func raw<Result>(_ body: () throws -> Result) rethrows -> Result {
        var mode = saved
        mode.c_iflag &= ~tcflag_t(ICRNL | IXON | BRKINT | INPCK | ISTRIP)
        mode.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG | IEXTEN)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
        defer { restore() }
        return try body()
    }

    /// Runs `body` with what is typed not shown.
    func silent<Result>(_ body: () throws -> Result) rethrows -> Result {
        var mode = saved
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
        defer { restore() }
        return try body()
    }

    private func restore() {
        var mode = saved
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    }

    /// Empty at the end of input.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 256)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            return Array(buffer.prefix(max(0, count)))
        }
    }
}
