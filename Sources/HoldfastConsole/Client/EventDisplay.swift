import HoldfastCommands
import HoldfastModel

/// Shows what a command tells on the way, on standard error, so that standard output holds the result alone.
struct EventDisplay {
    private static let redrawInterval = Duration.milliseconds(100)
    private static let plainInterval = Duration.seconds(10)

    private let terminal: ClientTerminal
    private let options: OutputOptions
    private let style: TextStyle
    private var meter = ProgressMeter()
    private var lastProgress: Duration?
    private var hasOpenLine = false

    init(_ terminal: ClientTerminal, _ options: OutputOptions) {
        self.terminal = terminal
        self.options = options
        self.style = terminal.style(ofOutput: false, options)
    }

    /// - Parameter uptime: of a clock that never goes back.
    mutating func show(_ event: CommandEvent, at uptime: Duration) {
        if options.json {
            if options.progress { terminal.printOutput(JSONLine.text(of: ["event": event]) + "\n") }
            return
        }
        guard !options.quiet else { return }
        guard case .progress(let progress) = event else {
            close()
            if let line = EventText.line(for: event) { terminal.printError(style.paint(line, .dim) + "\n") }
            return
        }
        let interval = terminal.isErrorTerminal ? Self.redrawInterval : Self.plainInterval
        if let last = lastProgress, uptime - last < interval { return }
        lastProgress = uptime
        let line = meter.line(for: progress, at: uptime, columns: style.columns)
        guard terminal.isErrorTerminal else { return terminal.printError(line + "\n") }
        terminal.printError("\r\(line)\u{1b}[K")
        hasOpenLine = true
    }

    /// Takes the bar away, which says nothing any more.
    mutating func close() {
        if hasOpenLine { terminal.printError("\r\u{1b}[K") }
        hasOpenLine = false
    }
}
