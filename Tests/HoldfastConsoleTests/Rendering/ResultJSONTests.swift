import HoldfastCommands
import HoldfastModel
import Testing

@testable import HoldfastConsole

@Suite struct ResultJSONTests {
    @Test(arguments: Samples.results)
    func result(_ result: CommandResult) throws {
        let text = JSONLine.text(of: result)
        #expect(try JSONLine.value(CommandResult.self, from: text.utf8) == result)
        #expect(!text.contains("\n") && !text.contains("\"_0\""), "\(text)")
    }

    @Test(arguments: Samples.events)
    func event(_ event: CommandEvent) throws {
        let answer = ConsoleAnswer(sequence: 3, event: event)
        #expect(try JSONLine.value(ConsoleAnswer.self, from: JSONLine.text(of: answer).utf8) == answer)
    }

    @Test func golden() {
        #expect(
            JSONLine.text(of: CommandResult.tables(Samples.tablePage)).hasPrefix(
                #"{"tables":{"backup":"1t6x0fk4w2qz","next":400,"service":"database","tables":[{"bytes":3145728,"#))
        #expect(
            JSONLine.text(of: CommandResult.accepted(Accepted(job: Samples.jobID, backup: Samples.backupID)))
                == #"{"accepted":{"backup":"1t6x0fk4w2qz","job":"1t6x0fm4w2qz"}}"#)
        #expect(JSONLine.text(of: CommandEvent.step("swap")) == #"{"step":"swap"}"#)
        let error = ConsoleAnswer(
            sequence: 2, error: ErrorAnswer(HoldfastError(.busy, "In use", context: ["job": "x"])))
        #expect(
            JSONLine.text(of: error)
                == #"{"error":{"code":"busy","context":{"job":"x"},"message":"In use","number":7},"sequence":2}"#)
    }

    @Test func detailsHaveNoPositions() {
        let detail = BackupDetail(
            backup: Samples.backup, nodeNames: [Samples.nodeA: Samples.name("node-1")], restores: [Samples.restore])
        let text = JSONLine.text(of: CommandResult.backup(detail))
        #expect(text.contains(#""nodeNames":{"1t6x0aaaaaaa":"node-1"}"#))
        #expect(text.contains(#""counts":{"database":{"#))
        #expect(text.contains(#""source":{"backup":"1t6x0fk4w2qz"}"#))
    }

    @Test(arguments: ["", "{}", "[]", #"{"sequence":1,"result":{"x":1}}"#, #"{"sequence":"1"}"#, "\u{0}"])
    func refusal(_ text: String) {
        let error = #expect(throws: HoldfastError.self) { try JSONLine.value(ConsoleAnswer.self, from: text.utf8) }
        #expect(error?.code == .malformed)
    }

    @Test func unknownErrorCodeStillTells() throws {
        let text = #"{"error":{"code":"new-one","number":99,"message":"m","context":{}},"sequence":1}"#
        let answer = try JSONLine.value(ConsoleAnswer.self, from: text.utf8)
        #expect(answer.error?.error == HoldfastError(.internal, "m"))
    }
}
