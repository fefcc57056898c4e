import HoldfastModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Answers whatever fails with one clear sentence.
struct PlainPages: RouterMiddleware {
    typealias Context = WebContext

    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let page as PlainPage {
            return page.response
        } catch let error as any HTTPResponseError {
            return PlainPage(error.status, "There is nothing here. Is the address whole?").response
        } catch {
            let error = HoldfastError(error)
            logger.error("A request failed: \(error)")
            return PlainPage(.internalServerError, "Something went wrong here. Please tell whoever runs this.").response
        }
    }
}

/// A page of one sentence, in place of what was asked for.
struct PlainPage: Error {
    let status: HTTPResponse.Status
    let text: String
    let further: HTTPFields

    init(_ status: HTTPResponse.Status, _ text: String, _ further: HTTPFields = [:]) {
        self.status = status
        self.text = text
        self.further = further
    }

    var response: Response {
        var headers: HTTPFields = [
            .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        headers.append(contentsOf: further)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
