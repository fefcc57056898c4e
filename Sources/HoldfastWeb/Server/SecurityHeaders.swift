import HTTPTypes
import HoldfastModel
import Hummingbird

/// Strict headers on every answer; one that says something itself keeps it.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WebContext

    private let defaults: [(HTTPField.Name, String)]

    /// - Parameter isSecure: whether people reach this by HTTPS.
    init(isSecure: Bool) {
        defaults =
            [
                (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "no-referrer"), (.cacheControl, "no-store"),
                (
                    .contentSecurityPolicy,
                    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
                ),
                (.known("X-Frame-Options"), "DENY"), (.known("Cross-Origin-Resource-Policy"), "same-origin"),
                (.known("Cross-Origin-Opener-Policy"), "same-origin"),
                (.known("Permissions-Policy"), "camera=(), geolocation=(), microphone=()"),
            ] + (isSecure ? [(.strictTransportSecurity, "max-age=31536000")] : [])
    }

    func handle(
        _ request: Request, context: WebContext, next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in defaults where response.headers[name] == nil { response.headers[name] = value }
        return response
    }
}
