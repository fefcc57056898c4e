extension FixedWidthInteger {
    /// The sum, or the greatest or least number there is. For what others report: their numbers may be anything.
    package func addingClamped(_ other: Self) -> Self {
        let (sum, isBeyond) = addingReportingOverflow(other)
        guard isBeyond else { return sum }
        return other < 0 ? .min : .max
    }
}
