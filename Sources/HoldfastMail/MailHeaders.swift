import Foundation
import HoldfastModel

/// The lines above a mail's body (RFC 5322), but those that tell of its parts.
enum MailHeaders {
    static func lines(of message: MailMessage, from server: MailServer) -> [String] {
        let domain = server.from.text.split(separator: "@").last ?? "localhost"
        return [
            "Date: \(date(message.date))",
            "From: \(phrase(server.fromName)) <\(server.from)>",
            "To: <\(message.to)>",
            "Subject: \(phrase(message.subject))",
            "Message-ID: <\(message.id).holdfast@\(domain)>",
            // Nobody's holiday notice answers this.
            "Auto-Submitted: auto-generated",
        ]
    }

    /// `Mon, 23 Nov 2026 05:15:04 +0000`
    static func date(_ time: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let day = max(0, time.milliseconds / 86_400_000)
        let date = CivilDate(daysSince1970: day)
        return """
            \(days[Int(day % 7)]), \(date.day) \(months[Int(date.month - 1)]) \(date.year) \
            \(time.plain.split(separator: " ").last ?? "") +0000
            """
    }

    /// Text for a header: as it is where every reader takes it so, otherwise as encoded words of RFC 2047, of at most 75
    /// characters each, on lines of their own.
    static func phrase(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: " ") || byte > 0x20 && byte < 0x7f && !#"()<>[]:;@\,.""#.utf8.contains(byte)
        }
        if isPlain, text.utf8.count <= 60, !text.contains("=?") { return text }
        // 42 bytes become 56 characters; with `=?utf-8?B?` and `?=` 68.
        var (words, word): ([[UInt8]], [UInt8]) = ([], [])
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if word.count + bytes.count > 42 {
                words.append(word)
                word = []
            }
            word += bytes
        }
        words.append(word)
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}
