import HoldfastCommands
import HoldfastModel
import SwiftASN1
import X509

@testable import HoldfastWire

/// Good values of what crosses the wire.
enum WireSamples {
    static let hello = FrameEncoder.bytes(of: .hello(Hello(purpose: .bulk, window: 1 << 20, maximumStreams: 64)))

    static var frameSeeds: [[UInt8]] {
        let frames: [Frame] = [
            .open(StreamID(1), name: "put-object", body: Array(#"{"a":1}"#.utf8), ends: false),
            .data(StreamID(1), [1, 2, 3], ends: false), .data(StreamID(1), [4], ends: true), .credit(StreamID(1), 262),
            .open(StreamID(3), name: "x", body: [0x31], ends: false), .end(StreamID(3)), .cancel(StreamID(3)),
            .event(StreamID(2), Array("{}".utf8)), .reply(StreamID(2), Array("{}".utf8)),
            .error(StreamID(4), HoldfastError(.noSpace, "The disk is full.", context: ["node": "n1"])),
            .ping(0x0102_0304_0506_0708), .pong(9), .goodbye,
        ]
        return [[15] + frames.flatMap { FrameEncoder.bytes(of: $0) }] + frames.map { [3] + FrameEncoder.bytes(of: $0) }
    }

    static var joinToken: [UInt8] {
        let token = JoinToken(fingerprint: [UInt8](repeating: 9, count: 32), entropy: ArchiveSamples.Zeros())
        return Array(token.text.revealed.utf8)
    }

    static var requests: [[UInt8]] { [Array(((try? CertificateRequest.make())?.requestPEM ?? "").utf8)] }

    static var certificates: [[UInt8]] {
        guard let authority = try? ClusterCA(cluster: "test", now: ArchiveSamples.created),
            let identity = try? authority.issueOperator("ann", now: ArchiveSamples.created),
            let document = try? PEMDocument.parseMultiple(pemString: identity.certificatePEM).first
        else { return [] }
        return [Array(document.derBytes)]
    }

    private static func reader<Value: Codable & Sendable>(_: Value.Type) -> @Sendable ([UInt8]) throws -> Void {
        { bytes in
            let value = try WireJSON.value(Value.self, from: bytes, "message")
            do throws(HoldfastError) {
                let again = try WireJSON.bytes(of: value, "message")
                _ = try WireJSON.value(Value.self, from: again, "message")
            } catch {
                guard error.code == .tooLarge else {
                    throw HostileInput.Broken(
                        description: "a \(Value.self) that was read can't be written: \(error.message)")
                }
            }
        }
    }

    private static func readers<M: Message>(of type: M.Type) -> [@Sendable ([UInt8]) throws -> Void] {
        [reader(M.self), reader(M.Reply.self), reader(M.Event.self)]
    }

    /// Of every message its request, reply and event.
    static let readers: [@Sendable ([UInt8]) throws -> Void] =
        readers(of: VerifyBackup.self) + readers(of: RegisterNode.self) + readers(of: PutObject.self)
        + readers(of: GetObject.self) + readers(of: HoldObjects.self) + readers(of: StageServices.self)
        + readers(of: SwapServices.self) + readers(of: ConfirmSwap.self) + readers(of: DropAside.self)
        + readers(of: JoinCluster.self) + readers(of: CheckServices.self) + readers(of: CaptureServices.self)
        + readers(of: Heartbeat.self) + readers(of: VerifyStaged.self)

    /// Each begins with the number of its reader.
    static var messages: [[UInt8]] {
        let object = #"{"service":{"kind":"media","name":"a"},"project":"01aaaaaaaaaa","job":"01dddddddddd","epoch":5}"#
        // Which reader a sample is for follows from which of them take it.
        let whole = MessageSamples.bodies.flatMap { body in
            readers.indices.filter { (try? readers[$0](body)) != nil }.prefix(2).map { [UInt8($0)] + body }
        }
        return whole
            + (0..<UInt8(readers.count)).flatMap { number in
                [object, "{}", "[]", "null"].map { [number] + Array($0.utf8) }
            }
    }
}
