import HTTPTypes
import HoldfastModel
import Hummingbird

/// Lets one address have only so many requests under way, until their answers are taken: behind a proxy, whose connections
/// are everybody's.
struct RequestLimit: RouterMiddleware {
    typealias Context = WebContext

    let slots: Slots

    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let slot: Slot
        do {
            slot = try slots.take(for: Origin(.web, address: context.address(of: request, isBehindProxy: true)).place)
        } catch {
            throw PlainPage(
                .tooManyRequests, "There are too many requests of yours under way. Please try again in a minute.",
                [.retryAfter: "60"])
        }
        var response = try await next(request, context)
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            defer { slot.release() }
            try await body.write(writer)
        }
        return response
    }
}
