package import HoldfastCommands
package import HoldfastModel

/// What jobs tell of themselves while they run, for whoever watches. Nothing here is kept.
package actor JobFeeds {
    private struct Feed {
        var watchers: [Int: AsyncStream<CommandEvent>.Continuation] = [:]
        var progress: Progress?
    }

    private var feeds: [JobID: Feed] = [:]
    private var watcherCount = 0
    private var isShutDown = false

    package init() {}

    /// What the job tells from now on; ends when nobody is at work on it any more. Who falls behind misses the oldest.
    package func watch(_ job: JobID) -> AsyncStream<CommandEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: CommandEvent.self, bufferingPolicy: .bufferingNewest(500))
        guard !isShutDown else {
            continuation.finish()
            return stream
        }
        watcherCount += 1
        feeds[job, default: Feed()].watchers[watcherCount] = continuation
        return stream
    }

    package func publish(_ event: CommandEvent, of job: JobID) {
        if case .progress(let progress) = event { feeds[job, default: Feed()].progress = progress }
        if case .step = event { feeds[job]?.progress = nil }
        for (number, watcher) in feeds[job]?.watchers ?? [:] {
            if case .terminated = watcher.yield(event) { feeds[job]?.watchers[number] = nil }
        }
    }

    package func progress(of job: JobID) -> Progress? { feeds[job]?.progress }

    /// Of how many jobs something is kept here.
    package var count: Int { feeds.count }

    package func close(_ job: JobID) {
        let feed = feeds.removeValue(forKey: job)
        for watcher in feed?.watchers.values ?? [:].values { watcher.finish() }
    }

    /// Nobody is at work on anything any more, nor will be.
    package func shutDown() {
        isShutDown = true
        for job in feeds.keys { close(job) }
    }
}
