package import HoldfastModel

/// Hosts such as `0.0.0.0` and `::` that mean every interface of a machine: one can listen there, and nobody can connect.
package enum Wildcard {
    package static func matches(host: some StringProtocol) -> Bool {
        host == "*" || host.contains("0") && host.allSatisfy("0.:[]".contains)
            || host.contains(":") && host.allSatisfy(":[]".contains)
    }

    package static func refusal(of address: String) -> HoldfastError {
        HoldfastError(
            .invalidArgument,
            """
            “\(address.printable(limit: 60))” means every interface of this machine, and no other node can connect to \
            it: say how others reach it: --advertise HOST:PORT, or “advertise” in node.yaml
            """)
    }
}
