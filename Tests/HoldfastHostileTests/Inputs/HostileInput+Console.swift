import HoldfastCommands
import HoldfastModel

@testable import HoldfastConsole

extension HostileInput {
    static var console: [HostileInput] {
        [
            HostileInput("console-bytes", seeds: ConsoleSamples.lines.map { [5] + $0 + [10] }) { bytes in
                var parts = Parts(bytes)
                let piece = 1 + Int(parts.byte())
                var lines = LineAccumulator(limitBytes: 200)
                while !parts.rest.isEmpty {
                    lines.append(parts.bytes(piece))
                    while let line = try lines.next() {
                        try hold(line.utf8.count <= 200, "a line of \(line.utf8.count) bytes")
                        try readWords(line)
                    }
                }
            },
            HostileInput("console-line", seeds: ConsoleSamples.lines) { bytes in
                let line = String(decoding: bytes, as: UTF8.self)
                try readWords(line)
                guard case .request(let request) = try ConsoleGrammar.parse(line) else { return }
                let again = try ConsoleGrammar.parse(request.command.line)
                guard case .request(let second) = again else {
                    throw Broken(description: "\(request.command.line) is help")
                }
                try hold(second.command == request.command, "\(request.command.line) is another command")
            },
            HostileInput("console-answer", seeds: ConsoleSamples.answers) { bytes in
                let answer = try JSONLine.value(ConsoleAnswer.self, from: bytes)
                _ = try JSONLine.value(ConsoleAnswer.self, from: Array(JSONLine.text(of: answer).utf8))
                for text in ConsoleSamples.texts(of: answer) {
                    let isPlain = text.unicodeScalars.allSatisfy {
                        $0 == "\n"
                            || $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
                    }
                    try hold(isPlain, "a control character reaches the terminal")
                }
            },
            HostileInput("keys", seeds: [Array("ab\u{1b}[A\u{1b}[1;5Cé\u{7f}\r".utf8)]) { bytes in
                var (whole, single) = (KeyDecoder(), KeyDecoder())
                let keys = whole.keys(for: bytes)
                _ = bytes.flatMap { single.keys(for: [$0]) }
                try hold(keys.count <= bytes.count, "more keys than bytes")
            },
        ]
    }

    private static func readWords(_ line: String) throws {
        let words = try LineSplitter.words(of: line)
        let again = words.map { LineSplitter.quoted($0) }.joined(separator: " ")
        guard again.utf8.count <= LineSplitter.lineLimitBytes else { return }
        try hold(try LineSplitter.words(of: again) == words, "other words")
    }
}

/// Good lines and answers.
enum ConsoleSamples {
    static let lines = [
        "backup create shop/live --note \"before the sale\"", "backup list --json", "login abc", "mode json",
        "restore start 1t6x0fk4w2qz --to shop/test --yes", "service set shop/live media --path '/srv/a b'",
        "environment create shop/test", "node list", "job watch 1t6x0fm4w2qz", "help", "backup --help",
    ].map { Array($0.utf8) }

    static let answers = [
        #"{"sequence":1,"error":{"code":"busy","number":7,"message":"a\u001b[2Jb","context":{"a":"b"}}}"#,
        JSONLine.text(of: ConsoleAnswer(sequence: 3, result: .done("Logged in."))),
        JSONLine.text(of: ConsoleAnswer(sequence: 4, event: .note("copying\u{1b}[31m"))),
        JSONLine.text(of: ConsoleAnswer(sequence: 5, result: .backups([]))),
    ].map { Array($0.utf8) }

    /// What a person would see of an answer.
    static func texts(of answer: ConsoleAnswer) -> [String] {
        let renderer = ResultRenderer(.plain)
        return [
            answer.result.map { renderer.text(of: $0) }, answer.error.map { renderer.text(of: $0.error) },
            answer.event.flatMap { EventText.line(for: $0) },
        ].compactMap { $0 }
    }
}
