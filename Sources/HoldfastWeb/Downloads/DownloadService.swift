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
    let slots: Slots
    let isBehindProxy: Bool
    let time: any TimeSource
    let logger: Logger

    func answer(_ request: Request, _ context: WebContext, download: String, number: String) async throws -> Response {
        let query = request.uri.queryParameters
        guard
            let link = DownloadLink(
                download: download, number: number, expires: query["expires"].map(String.init) ?? "",
                signature: query["signature"].map(String.init) ?? "")
        else { throw PlainPage(.notFound, "This is no link of ours. Is it whole?") }
        let found = try await find(link)
        let origin = Origin(.web, address: context.address(of: request, isBehindProxy: isBehindProxy))
        let (file, source) = (found.file, source)
        let attachment = Attachment(
            name: file.name, type: file.type, bytes: file.bytes, tag: file.sha256,
            modified: Timestamp(milliseconds: found.readyAt.milliseconds / 1000 * 1000),
            what: "file \(found.number) of download \(found.download)"
        ) { try await source.read(found, $0, to: $1) }
        do {
            return try attachment.response(
                to: request, slot: { try slot(for: origin.place) }, time: time, logger: logger)
        } catch Attachment.Refusal.preconditionFailed {
            throw PlainPage(.preconditionFailed, "The file is not the one that the request names.")
        } catch Attachment.Refusal.notSatisfiable {
            throw PlainPage(
                .rangeNotSatisfiable, "The file has \(file.bytes) bytes; the range asked for is not among them.",
                [.contentRange: "bytes */\(file.bytes)"])
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

    private func slot(for place: Place) throws -> Slot {
        do {
            return try slots.take(for: place)
        } catch {
            logger.warning("Too many files are being fetched; one more was put off")
            throw Self.later
        }
    }
}

extension RangeRequest {
    init(_ request: Request) {
        let fields = request.headers
        self.init(
            isGet: request.method == .get, range: fields[.range], ifRange: fields[.ifRange], ifMatch: fields[.ifMatch],
            ifNoneMatch: fields[.ifNoneMatch], ifModifiedSince: fields[.ifModifiedSince],
            ifUnmodifiedSince: fields[.ifUnmodifiedSince])
    }
}
