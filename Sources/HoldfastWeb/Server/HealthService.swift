import HTTPTypes
import HoldfastCommands
import HoldfastModel
import Hummingbird
import Logging
import NIOCore

/// What machines ask that look after this one.
struct HealthService: Sendable {
    let commands: any CommandService
    let identity: WebIdentity
    let isBehindProxy: Bool
    let logger: Logger

    /// Whether this process answers.
    func health() -> Response { text(.ok, "ok\n") }

    /// Whether this coordinator leads, and can read its catalog. Anybody may ask, and often.
    func readiness() async -> Response {
        do {
            try await commands.requireReady()
            return text(.ok, "ready\n")
        } catch {
            logger.warning("Not ready: \(HoldfastError(error))")
            return text(.serviceUnavailable, "not ready: \(HoldfastError(error).code.rawValue)\n")
        }
    }

    func metrics(_ request: Request, _ context: WebContext) async -> Response {
        do {
            let address = context.address(of: request, isBehindProxy: isBehindProxy)
            let (principal, origin) = try await identity.principal(
                of: request.headers, isChange: false, address: address)
            let page = try await Metrics(commands: commands).text(for: principal, from: origin)
            return text(.ok, page, type: "text/plain; version=0.0.4; charset=utf-8")
        } catch {
            return Problem(HoldfastError(error)).response()
        }
    }

    private func text(
        _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
