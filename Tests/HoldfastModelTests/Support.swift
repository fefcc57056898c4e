import HoldfastModel
import Testing

func identifier<Of>(_ number: Int, of _: Of.Type = Of.self) throws -> ID<Of> {
    let digits = String(number)
    return try #require(ID<Of>(String(repeating: "0", count: 12 - digits.count) + digits))
}

func objectName(_ seed: UInt8) -> ObjectName { ObjectName(bytes: [UInt8](repeating: seed, count: 32)) }

func part(_ service: ServiceReference) -> BackupPart {
    BackupPart(
        service: service, manifest: objectName(1), references: objectName(2), startedAt: Timestamp(milliseconds: 0),
        endedAt: Timestamp(milliseconds: 1), sizes: PartSizes(), counts: .media(MediaCounts()), warnings: Warnings())
}

func receipt(objects: Int, _ holdings: [(node: Int, region: String, objects: Int)]) throws -> Receipt {
    Receipt(
        layout: 1, heldUntil: Timestamp(milliseconds: 0), objects: objects,
        holdings: try holdings.map {
            Receipt.Holding(node: try identifier($0.node), region: try Name($0.region), objects: $0.objects, bytes: 1)
        })
}

let never = HoldfastError(.checkFailed, "no")
let later = HoldfastError(.timedOut, "later")
