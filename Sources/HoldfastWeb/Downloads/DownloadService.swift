import HoldfastCommands
import HoldfastModel
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Answers requests for files of downloads.
struct DownloadService: Sendable {
    let source: any DownloadSource
    let limits: WebLimits
    let slots: TransferSlots
    let time: any TimeSource
    let logger: Logger

    func answer(_ request: Request, download: String, number: String) async throws -> Response {
        let query = request.uri.queryParameters
        guard
            let link = DownloadLink(
                download: download, number: number, expires: query["expires"].map(String.init) ?? "",
                signature: query["signature"].map(String.init) ?? "")
        else { throw PlainPage(.notFound, "This is no link of ours. Is it whole?") }
        let found = try await find(link)
        let (file, etag) = (found.file, "\"\(found.file.sha256)\"")
        let modified = Timestamp(milliseconds: found.readyAt.milliseconds / 1000 * 1000)
        var headers = common(file, etag, modified)
        let wanted = RangeRequest(request).answer(
            byteCount: file.bytes, etag: etag, modified: HTTPDate.text(modified),
            modifiedSeconds: modified.milliseconds / 1000)
        switch wanted {
        case .notModified:
            return Response(status: .notModified, headers: headers)
        case .preconditionFailed:
            throw PlainPage(.preconditionFailed, "The file is not the one that the request names.")
        case .notSatisfiable:
            throw PlainPage(
                .rangeNotSatisfiable, "The file has \(file.bytes) bytes; the range asked for is not among them.",
                [.contentRange: "bytes */\(file.bytes)"])
        case .whole:
            headers[.contentLength] = "\(file.bytes)"
            return try respond(request, .ok, headers, found, 0..<file.bytes)
        case .part(let range):
            headers[.contentLength] = "\(range.upperBound - range.lowerBound)"
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.bytes)"
            return try respond(request, .partialContent, headers, found, range)
        }
    }

    private func find(_ link: DownloadLink) async throws -> LinkedFile {
        do {
            return try await source.file(at: link)
        } catch let refusal as LinkRefusal {
            throw Self.page(refusal)
        } catch {
            let error = HoldfastError(error)
            guard error.retryClass != .never else { throw error }
            logger.warning("A link could not be looked up: \(error)")
            throw Self.later
        }
    }

    private static var later: PlainPage {
        PlainPage(
            .serviceUnavailable, "This can't be given just now. Please try again in a minute.", [.retryAfter: "60"])
    }

    private static func page(_ refusal: LinkRefusal) -> PlainPage {
        switch refusal {
        case .notGenuine: PlainPage(.forbidden, "This link was changed, or is not of this service. Is it whole?")
        case .expired: PlainPage(.gone, "This link has expired. Please prepare the download again.")
        case .revoked: PlainPage(.gone, "This link was revoked. Please ask for a new one.")
        case .gone: PlainPage(.gone, "What this link led to is no longer there.")
        }
    }

    private func common(_ file: DownloadFile, _ etag: String, _ modified: Timestamp) -> HTTPFields {
        [
            .contentType: file.type, .contentDisposition: ContentDisposition.attachment(file.name),
            .acceptRanges: "bytes", .eTag: etag, .lastModified: HTTPDate.text(modified),
            // Nobody in between is to keep it, or to change a byte.
            .cacheControl: "private, no-cache, no-transform", .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer", .contentSecurityPolicy: "default-src 'none'; sandbox",
            .robots: "noindex",
        ]
    }

    private func respond(
        _ request: Request, _ status: HTTPResponse.Status, _ headers: HTTPFields, _ found: LinkedFile,
        _ range: Range<Int64>
    ) throws -> Response {
        guard request.method == .get, !range.isEmpty else { return Response(status: status, headers: headers) }
        guard let slot = slots.take() else {
            logger.warning("Too many files are being fetched; one more was put off")
            throw Self.later
        }
        let transfer = Transfer(
            source: source, found: found, range: range, stallTimeout: limits.stallTimeout, time: time, logger: logger)
        return Response(
            status: status, headers: headers,
            body: ResponseBody(contentLength: Int(range.upperBound - range.lowerBound)) { writer in
                defer { slot.release() }
                try await transfer.run(&writer)
            })
    }
}

extension RangeRequest {
    fileprivate init(_ request: Request) {
        let fields = request.headers
        self.init(
            isGet: request.method == .get, range: fields[.range], ifRange: fields[.ifRange], ifMatch: fields[.ifMatch],
            ifNoneMatch: fields[.ifNoneMatch], ifModifiedSince: fields[.ifModifiedSince],
            ifUnmodifiedSince: fields[.ifUnmodifiedSince])
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let robots = known("X-Robots-Tag")

    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a field") }
        return name
    }
}
