/// All of the API.
enum APIRoutes {
    static let all: [APIRoute] = cluster + accounts + projects + schedules + backups + restores + downloads + jobs
}
