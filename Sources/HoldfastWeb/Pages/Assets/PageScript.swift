/// The one script of all pages. Everything works without it; with it, progress moves, and some clicks are spared.
enum PageScript {
    static let text = #"""
        "use strict";
        // Progress: each element with the address of a job's events follows it, and the page comes anew when it has ended.
        const human = bytes => {
            const units = ["B", "KiB", "MiB", "GiB", "TiB"];
            let unit = 0;
            while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; unit += 1; }
            return (unit ? bytes.toFixed(1) : bytes) + " " + units[unit];
        };
        const span = seconds => seconds < 90 ? Math.round(seconds) + " s"
            : seconds < 5400 ? Math.round(seconds / 60) + " min" : (seconds / 3600).toFixed(1) + " h";
        for (const place of document.querySelectorAll("[data-events]")) {
            const source = new EventSource(place.dataset.events);
            const bar = place.querySelector("progress"), words = place.querySelector("[data-words]");
            let begun = null;
            const say = text => { if (words) words.textContent = text; };
            source.addEventListener("progress", event => {
                const now = JSON.parse(event.data), at = performance.now();
                const [done, whole] = now.totalBytes ? [now.bytes, now.totalBytes] : [now.items, now.totalItems];
                if (!begun || begun.subject !== now.subject || now.bytes < begun.bytes) {
                    begun = { subject: now.subject, bytes: now.bytes, done, at };
                }
                if (bar && whole) { bar.max = whole; bar.value = done; }
                const seconds = (at - begun.at) / 1000, rate = seconds > 2 ? (now.bytes - begun.bytes) / seconds : 0;
                const pace = seconds > 2 ? (done - begun.done) / seconds : 0;
                say([now.subject, now.totalBytes ? human(now.bytes) + " of " + human(now.totalBytes) : human(now.bytes),
                    rate > 0 ? human(rate) + "/s" : "", whole && pace > 0 ? "about " + span((whole - done) / pace) + " left" : ""]
                    .filter(Boolean).join(" · "));
            });
            const renew = () => { source.close(); setTimeout(() => location.reload(), 1000); };
            source.addEventListener("step", renew);
            source.addEventListener("waiting", event => say("Waits for " + JSON.parse(event.data).message));
            source.addEventListener("end", renew);
            source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000); };
        }
        // A button that does harm can be pressed once the name it does it to was typed.
        for (const field of document.querySelectorAll("[data-confirms]")) {
            const button = field.form.querySelector("button[type=submit]");
            const look = () => { button.disabled = field.value !== field.dataset.confirms; };
            field.addEventListener("input", look);
            look();
        }
        // Forms whose choices are shown at once.
        for (const select of document.querySelectorAll("[data-submits]")) {
            select.addEventListener("change", () => select.form.requestSubmit());
        }
        for (const button of document.querySelectorAll("[data-copies]")) {
            button.hidden = false;
            button.addEventListener("click", async () => {
                await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
                button.textContent = "Copied";
            });
        }
        // One menu at a time; Escape and a click elsewhere close it.
        const menus = [...document.querySelectorAll("details.menu")];
        const close = but => { for (const menu of menus) if (menu !== but) menu.open = false; };
        document.addEventListener("click", event => close(event.target.closest("details.menu")));
        document.addEventListener("keydown", event => {
            if (event.key !== "Escape") return;
            const open = menus.find(menu => menu.open);
            close(null);
            if (open) open.querySelector("summary").focus();
        });
        // What would be lost by a second click is sent once.
        for (const form of document.querySelectorAll("form[method=post]")) {
            form.addEventListener("submit", () => {
                for (const button of form.querySelectorAll("button")) setTimeout(() => { button.disabled = true; });
            });
        }
        addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
        """#
}
