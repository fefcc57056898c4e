package import HoldfastModel

extension Claim: CatalogRecord {
    package static var recordKind: RecordKind { .claim }
    package var catalogKey: JobID { job }
}
