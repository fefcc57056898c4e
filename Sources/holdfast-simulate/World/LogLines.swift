import Logging

/// What the processes log, beside the trace.
struct LogLines: LogHandler {
    let process: String
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = Trace.shared.isPrinted ? .debug : .critical

    static func logger(_ process: String) -> Logger {
        Logger(label: process) { _ in LogLines(process: process) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let extra = (event.metadata ?? [:]).merging(metadata) { $1 }.sorted { $0.key < $1.key }
        let text = extra.map { " \($0.key)=\($0.value)" }.joined()
        Trace.shared.remark("\(process): \(event.message)\(text)")
    }
}
