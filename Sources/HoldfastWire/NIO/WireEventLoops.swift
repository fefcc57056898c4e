package import NIOCore
import NIOPosix

/// The threads on which all sockets of this process live.
package enum WireEventLoops {
    package static let shared: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
}
