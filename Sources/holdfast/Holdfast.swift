import ArgumentParser
import Logging
import UnixSignals
import Yams

@main
struct Holdfast: AsyncParsableCommand {}
