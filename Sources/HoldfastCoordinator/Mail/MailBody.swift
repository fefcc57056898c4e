import HoldfastModel

/// What a mail says, written once for both of its forms.
struct MailBody {
    private(set) var text = ""
    private var html = ""

    mutating func paragraph(_ sentence: String) {
        text += (text.isEmpty ? "" : "\n") + Self.wrapped(sentence) + "\n"
        html += "<p>\(sentence.htmlEscaped)</p>\n"
    }

    /// A file that can be fetched, with what is to be known of it.
    mutating func file(_ name: String, link: String, facts: [(name: String, value: String)]) {
        text += "\n\(name)\n  \(link)\n"
        html += "<p><a href=\"\(link.htmlEscaped)\"><strong>\(name.htmlEscaped)</strong></a>"
        for fact in facts {
            text += "  \(fact.name): \(fact.value)\n"
            html +=
                "<br>\(fact.name.htmlEscaped): <span style=\"overflow-wrap: anywhere\">\(fact.value.htmlEscaped)</span>"
        }
        html += "</p>\n"
    }

    mutating func link(_ title: String, _ link: String) {
        text += "\n  \(link)\n"
        html += "<p><a href=\"\(link.htmlEscaped)\"><strong>\(title.htmlEscaped)</strong></a></p>\n"
    }

    func page(title: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>\(title.htmlEscaped)</title></head>
        <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: 2em auto; padding: 0 1em">
        \(html)</body>
        </html>

        """
    }

    /// In lines that a terminal shows whole.
    private static func wrapped(_ sentence: String) -> String {
        var lines = [""]
        for word in sentence.split(separator: " ") {
            if lines[lines.count - 1].count + word.count >= 78 { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.joined(separator: "\n")
    }
}
