import CZstd
import HoldfastModel

/// One zstd frame in, one out.
enum Zstd {
    static let level: Int32 = 3

    /// Nil where the result would not be at least a thirty-second smaller.
    static func compressed(_ plain: [UInt8]) -> [UInt8]? {
        guard plain.count >= 64 else { return nil }
        let limit = plain.count - plain.count / 32
        var size = 0
        let result = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            size = plain.withUnsafeBytes { plain in
                ZstdContexts.withCompressor { context in
                    guard let context else {
                        return ZSTD_compress(buffer.baseAddress, limit, plain.baseAddress, plain.count, level)
                    }
                    return ZSTD_compressCCtx(
                        context, buffer.baseAddress, limit, plain.baseAddress, plain.count, level)
                }
            }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
        return ZSTD_isError(size) == 0 ? result : nil
    }

    /// - Parameter plainLength: known beforehand and already checked against a limit.
    static func decompressed(
        _ frame: [UInt8], plainLength: Int, subject: @autoclosure () -> String
    ) throws(HoldfastError) -> [UInt8] {
        var size = 0
        let result = [UInt8](unsafeUninitializedCapacity: plainLength) { buffer, count in
            size = frame.withUnsafeBytes { frame in
                ZstdContexts.withDecompressor { context in
                    guard let context else {
                        return ZSTD_decompress(buffer.baseAddress, plainLength, frame.baseAddress, frame.count)
                    }
                    return ZSTD_decompressDCtx(
                        context, buffer.baseAddress, plainLength, frame.baseAddress, frame.count)
                }
            }
            count = ZSTD_isError(size) == 0 ? size : 0
        }
        guard ZSTD_isError(size) == 0, size == plainLength else {
            throw HoldfastError(.corrupt, "The \(subject()) is damaged: what was compressed doesn't decompress.")
        }
        return result
    }
}
