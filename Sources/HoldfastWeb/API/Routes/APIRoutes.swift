/// All of the API.
enum APIRoutes {
    static let all: [APIRoute] =
        cluster + accounts + notices + projects + schedules + backups + restores + files + downloads + jobs
}
