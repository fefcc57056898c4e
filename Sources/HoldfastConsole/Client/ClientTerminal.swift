import Glibc
import HoldfastModel

/// Where a command line reads and prints; what a test replaces.
package struct ClientTerminal: Sendable {
    package var isInputTerminal: Bool
    package var isOutputTerminal: Bool
    package var isErrorTerminal: Bool
    /// Of the terminal that shows errors and progress.
    package var columns: Int?
    package var forbidsColours: Bool
    package var printOutput: @Sendable (String) -> Void
    package var printError: @Sendable (String) -> Void
    /// Content, to standard output.
    package var writeOutput: @Sendable ([UInt8]) throws -> Void
    /// Nil at the end of input.
    package var readLine: @Sendable () -> String?

    package init(
        isInputTerminal: Bool = false, isOutputTerminal: Bool = false, isErrorTerminal: Bool = false,
        columns: Int? = nil, forbidsColours: Bool = false, printOutput: @escaping @Sendable (String) -> Void,
        printError: @escaping @Sendable (String) -> Void,
        writeOutput: @escaping @Sendable ([UInt8]) throws -> Void = { _ in },
        readLine: @escaping @Sendable () -> String?
    ) {
        self.isInputTerminal = isInputTerminal
        self.isOutputTerminal = isOutputTerminal
        self.isErrorTerminal = isErrorTerminal
        self.columns = columns
        self.forbidsColours = forbidsColours
        self.printOutput = printOutput
        self.printError = printError
        self.writeOutput = writeOutput
        self.readLine = readLine
    }

    /// The standard streams of this process.
    package static var process: ClientTerminal {
        ClientTerminal(
            isInputTerminal: isatty(STDIN_FILENO) == 1, isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            isErrorTerminal: isatty(STDERR_FILENO) == 1, columns: width,
            forbidsColours: getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
                || getenv("TERM").map { String(cString: $0) == "dumb" } ?? true,
            printOutput: { write($0, to: STDOUT_FILENO) }, printError: { write($0, to: STDERR_FILENO) },
            writeOutput: { bytes in
                guard ContentSink.writeAll(bytes, to: STDOUT_FILENO) else {
                    throw HoldfastError(
                        .inputOutput, "Standard output takes no more: \(SystemError.text(errno))")
                }
            }, readLine: { Swift.readLine() })
    }

    private static var width: Int? {
        var size = winsize()
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        }
        return nil
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    func style(ofOutput isOutput: Bool, _ options: OutputOptions) -> TextStyle {
        let isTerminal = isOutput ? isOutputTerminal : isErrorTerminal
        return TextStyle(
            columns: isTerminal ? columns : nil, isColoured: isTerminal && !forbidsColours && !options.noColor)
    }
}
