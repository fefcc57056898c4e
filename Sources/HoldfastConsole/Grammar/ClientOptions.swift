package import ArgumentParser

/// How the client reaches the cluster and shows what it answers. On the console port only `--json` means something.
package struct ClientOptions: ParsableArguments {
    @Flag(help: "Print the result as one line of JSON, and an error as JSON on standard error.")
    package var json = false

    @Flag(help: "With --json: print what happens on the way as lines of JSON, too.")
    package var progress = false

    @Flag(help: "Print nothing on the way, only the result.")
    package var quiet = false

    @Flag(name: .customLong("no-color"), help: "Print without colours; the variable NO_COLOR does the same.")
    package var noColor = false

    @Option(
        help: ArgumentHelp(
            "The file that says where the cluster is.",
            discussion: "Else $HOLDFAST_CLIENT, ./holdfast-data/client.json or ~/.config/holdfast/client.json.",
            valueName: "file"))
    package var client: String?

    package init() {}

    package var values: OutputOptions {
        var values = OutputOptions()
        (values.json, values.progress, values.quiet) = (json, progress, quiet)
        (values.noColor, values.client) = (noColor, client)
        return values
    }

    package mutating func validate() throws {
        if progress && !json { throw ValidationError("--progress goes with --json; without it progress is shown.") }
        if quiet && progress { throw ValidationError("--quiet and --progress exclude each other.") }
    }
}
