/// The natural logarithm, computed the same on every machine: placement must agree between nodes to the last bit, and the
/// C library's may differ between versions.
enum Logarithm {
    private static let ln2 = 0.693_147_180_559_945_3

    /// - Precondition: `value` is finite and greater than zero.
    static func natural(_ value: Double) -> Double {
        let significand = value.significand
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var (term, sum) = (ratio, 0.0)
        for odd in stride(from: 1.0, through: 41.0, by: 2) {
            sum += term / odd
            term *= square
        }
        return 2 * sum + Double(value.exponent) * ln2
    }
}
