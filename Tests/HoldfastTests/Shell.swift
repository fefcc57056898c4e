/// What bash prints for the line; anything but success fails the test.
@discardableResult
func shell(_ line: String) throws -> String {
    let outcome = try HoldfastBinary.run(["-o", "pipefail", "-c", line], of: "/bin/bash")
    guard outcome.status == 0 else { throw TestFailure("\(line): \(outcome.output)\(outcome.errors)") }
    return outcome.output
}
