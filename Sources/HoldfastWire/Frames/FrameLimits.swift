/// What one frame may hold, in bytes.
package enum FrameLimits {
    /// Of a JSON body, event or reply.
    package static let body = 64 * 1024
    package static let data = 256 * 1024
    package static let messageName = 64
    package static let openPayload = 1 + messageName + body
    package static let errorPayload = 4 + body
    /// Of a hello of any version.
    package static let hello = 64
}
