/// Where a dump goes as it is read.
package protocol DumpSink {
    /// Takes the dump's next bytes. Back pressure is given by not returning.
    mutating func write(_ bytes: ArraySlice<UInt8>) async throws

    /// What follows is another part of the dump (the contents list, one table's data), so a chunk should end here.
    mutating func boundary() async throws
}
