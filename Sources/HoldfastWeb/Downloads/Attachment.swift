import HTTPTypes
import HoldfastModel
import Hummingbird
import HummingbirdCore
import Logging

/// A file to be saved, and never shown as a page of ours. It is read as its client takes it: all of it, or the range that is
/// asked for.
struct Attachment: Sendable {
    enum Refusal: Error {
        /// It is not the one that the request names.
        case preconditionFailed
        case notSatisfiable
    }

    let name: String
    let type: String
    let bytes: Int64
    /// Another one for other bytes.
    let tag: String
    let modified: Timestamp
    /// For the log.
    let what: String
    let read: @Sendable (Range<Int64>, @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void

    /// - Parameter slot: taken where there is something to send, and kept until it was sent.
    func response(
        to request: Request, slot: () throws -> Slot, time: any TimeSource, logger: Logger
    ) throws -> Response {
        var fields = fields
        let wanted = RangeRequest(request).answer(
            byteCount: bytes, etag: etag, modified: HTTPDate.text(modified),
            modifiedSeconds: modified.milliseconds / 1000
        )
        let (status, range): (HTTPResponse.Status, Range<Int64>)
        switch wanted {
        case .notModified: return Response(status: .notModified, headers: fields)
        case .preconditionFailed: throw Refusal.preconditionFailed
        case .notSatisfiable: throw Refusal.notSatisfiable
        case .whole: (status, range) = (.ok, 0..<bytes)
        case .part(let part):
            (status, range) = (.partialContent, part)
            fields[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes)"
        }
        let count = range.upperBound - range.lowerBound
        fields[.contentLength] = "\(count)"
        guard request.method == .get, !range.isEmpty else { return Response(status: status, headers: fields) }
        let (slot, read) = (try slot(), read)
        let transfer = Transfer(
            what: "\(what), bytes \(range.lowerBound) to \(range.upperBound)", time: time, logger: logger
        ) { try await read(range, $0) }
        return Response(
            status: status, headers: fields,
            body: ResponseBody(contentLength: Int(count)) { writer in
                defer { slot.release() }
                try await transfer.run(&writer)
            })
    }

    private var etag: String { "\"\(tag)\"" }

    private var fields: HTTPFields {
        [
            .contentType: type, .contentDisposition: ContentDisposition.attachment(name),
            .acceptRanges: "bytes", .eTag: etag, .lastModified: HTTPDate.text(modified),
            // Nobody in between is to keep it, or to change a byte.
            .cacheControl: "private, no-cache, no-transform", .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer", .contentSecurityPolicy: "default-src 'none'; sandbox",
            .robots: "noindex",
        ]
    }
}
