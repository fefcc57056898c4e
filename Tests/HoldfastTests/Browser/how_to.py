"""Walks through the pages as the how-to page of our users describes them, in a real browser.

    how_to.py ADDRESS USER PASSWORD [SCREENSHOTS]

Each step prints a line that begins with "ok". The first that fails ends the walk with a sentence and status 1. With a
directory for screenshots, each page is also taken at two widths, light and dark.
"""

import sys
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

ADDRESS, USER, PASSWORD = sys.argv[1:4]
SHOTS = sys.argv[4] if len(sys.argv) > 4 else None


def browser():
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--window-size=1280,900"):
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


class Walk:
    def __init__(self):
        self.page = browser()
        self.shots = 0

    def text(self):
        return self.page.find_element(By.TAG_NAME, "body").text

    def go(self, path):
        self.page.get(ADDRESS + path)

    def link(self, words, within=None):
        return (within or self.page).find_element(By.XPATH, f".//a[normalize-space()='{words}']")

    def button(self, words, within=None):
        return (within or self.page).find_element(By.XPATH, f".//button[normalize-space()='{words}']")

    def press(self, element):
        self.page.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def fill(self, name, value):
        field = self.page.find_element(By.NAME, name)
        field.clear()
        field.send_keys(value)

    def until(self, what, condition, seconds=120):
        """Waits for something that another process does; the pages renew themselves."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if condition():
                    return
            except WebDriverException:
                # The page is just being renewed, or has nothing of that yet.
                pass
            time.sleep(0.1)
        self.fail(f"waited for: {what}")

    def see(self, *words):
        for word in words:
            self.until(f"the page shows “{word}”", lambda: word.lower() in self.text().lower(), seconds=20)

    def ok(self, what, shot=None):
        self.accessible()
        for entry in self.page.get_log("browser"):
            if entry["level"] == "SEVERE":
                self.fail(f"the browser complains: {entry['message']}")
        if SHOTS and shot:
            self.take(shot)
        print("ok", what, flush=True)

    def accessible(self):
        """What a screen reader and a keyboard need of every page."""
        faults = self.page.execute_script("""
            const faults = [];
            if (!document.documentElement.lang) faults.push("no language");
            if (!document.title) faults.push("no title");
            if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
            for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
                if (!field.labels.length && !field.ariaLabel) faults.push("no label: " + field.outerHTML);
            }
            for (const element of document.querySelectorAll("a, button, summary, progress, svg[role=img]")) {
                if (element.hidden) continue;
                if (!element.textContent.trim() && !element.ariaLabel) faults.push("no name: " + element.outerHTML);
            }
            const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
            for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("twice: #" + id);
            if (document.documentElement.scrollWidth > innerWidth + 1) faults.push("wider than the window");
            return faults;""")
        if faults:
            self.fail("; ".join(faults))

    def take(self, name):
        self.shots += 1
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                self.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                    "features": [{"name": "prefers-color-scheme", "value": scheme}]})
                self.page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600})
                height = min(6000, self.page.execute_script("return document.documentElement.scrollHeight"))
                if self.page.execute_script("return document.documentElement.scrollWidth") > width + 1:
                    self.fail(f"{name} is wider than {width}")
                if self.page.execute_script("""
                        return [...document.querySelectorAll(".calendar div")]
                            .some(day => day.scrollWidth > day.clientWidth + 1)"""):
                    self.fail(f"{name}: a day of the calendar is cut off at {width}")
                self.page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                    "width": width, "height": max(900, height), "deviceScaleFactor": 1, "mobile": width < 600})
                self.page.save_screenshot(f"{SHOTS}/{self.shots:02}-{name}-{width}-{scheme}.png")
        self.page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        self.page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})

    def fail(self, why):
        if SHOTS:
            self.page.save_screenshot(f"{SHOTS}/failed.png")
        print("FAILED:", why, "at", self.page.current_url)
        print(self.page.execute_script("return document.body.innerText")[:3000])
        sys.exit(1)


walk = Walk()
try:
    walk.go("/projects/shop")
    walk.see("Sign in")
    walk.ok("whoever is not signed in is asked to", "sign-in")
    walk.fill("name", USER)
    walk.fill("password", "not the password")
    walk.press(walk.button("Sign in"))
    walk.see("wrong")
    # The browser's own complaint about the answer's status is none of ours.
    walk.page.get_log("browser")
    walk.fill("password", PASSWORD)
    walk.press(walk.button("Sign in"))
    walk.see("Backups", "shop")
    walk.ok("signed in, and at the page asked for")

    walk.go("/projects")
    walk.see("shop", "live", "test")
    walk.ok("the projects, with the health of each environment", "projects")

    walk.press(walk.link("shop"))
    walk.see("Backups", "Scheduled", "On-demand")
    walk.ok("Your backups are available from the Backups view of your project", "backups-scheduled")

    walk.press(walk.link("On-demand"))
    walk.see("Create backup on demand")
    walk.ok("The On-demand view will also provide options to create new backups", "backups-none")

    for what in ("database", "media", "both"):
        walk.go("/projects/shop?kind=on-demand")
        live = walk.page.find_element(By.XPATH, "//section[.//h2[normalize-space()='live']]")
        walk.press(walk.link("Create backup on demand", live))
        walk.see("Database", "Media", "Both")
        walk.press(walk.page.find_element(By.CSS_SELECTOR, f"input[name=what][value={what}]"))
        walk.fill("note", f"<b>{what}</b> & more")
        if what == "both":
            walk.ok("choose what to backup: database, media or both; you may add a note", "backup-new")
        walk.press(walk.button("Create backup"))
        walk.until("the backup is complete", lambda: "Complete" in walk.text())
    walk.see("Where it is kept", "What is in it", "Database", "Media", "<b>both</b> & more", "table", "file")
    walk.ok("You can also select a particular backup to view more detailed information", "backup")

    backup = walk.page.current_url.removeprefix(ADDRESS)
    walk.press(walk.link("Tables"))
    walk.see("Rows", "public.")
    walk.ok("the tables of the backup, with their rows", "tables")
    walk.go(backup)
    walk.press(walk.link("Files"))
    walk.see("a.txt", "Size")
    walk.ok("the files of the backup", "files")
    walk.press(walk.page.find_element(By.XPATH, "//td//a[substring(., string-length(.)) = '/']"))
    walk.see("Media")
    walk.ok("a directory of the backup", "directory")
    walk.page.back()
    link = walk.page.find_element(By.CSS_SELECTOR, "a[aria-label='Download a.txt']").get_attribute("href")
    answer = walk.page.execute_async_script(
        "fetch(arguments[0]).then(r => r.text().then(text => arguments[1]("
        "[r.status, r.headers.get('content-disposition'), text.length].join(' '))))", link)
    if not answer.startswith('200 attachment; filename="a.txt" '):
        walk.fail(f"a.txt can't be downloaded: {answer}")
    walk.ok("a single file of the backup is downloaded")

    walk.go("/projects/shop?kind=on-demand")
    rows = walk.page.find_elements(By.CSS_SELECTOR, "tbody tr")
    if len(rows) != 3:
        walk.fail(f"three backups were made, {len(rows)} are listed")
    both = rows[0]
    for word in ("Database", "Media", "Complete", "iB", "2026" if "2026" in both.text else "20"):
        if word not in both.text:
            walk.fail(f"the row does not show {word}: {both.text}")
    if "Media" in rows[2].text or "Database" in rows[1].text:
        walk.fail("a backup shows what it does not have")
    walk.ok("Each backup has a date and time, and shows whether it is media, database or both with their sizes",
            "backups")

    menu = both.find_element(By.CSS_SELECTOR, "details.menu")
    walk.press(menu.find_element(By.TAG_NAME, "summary"))
    for words in ("Prepare download", "Edit note", "Keep until …", "Delete"):
        walk.link(words, menu)
    walk.ok("a Restore option and an options menu, for further actions, such as Prepare download", "menu")
    walk.press(walk.button("Pin", menu))
    walk.see("pinned")
    walk.press(walk.link("Edit"))
    walk.fill("note", "before the sale")
    walk.press(walk.button("Save note"))
    walk.see("before the sale")
    walk.ok("a backup is pinned, and its note edited")

    walk.press(walk.link("Restore"))
    walk.see("What to restore", "Where to", "Database", "Media")
    Select(walk.page.find_element(By.NAME, "to")).select_by_visible_text("shop/test")
    walk.ok("You can choose what to restore (database or media) and its destination (project and environment)",
            "restore-new")
    walk.press(walk.button("Go on"))
    walk.see("overwrites the content of shop/test", "backed up first")
    if walk.button("Restore into shop/test").is_enabled():
        walk.fail("the button works before the name was typed")
    walk.ok("A restore operation will overwrite content at the destination", "restore-plan")
    walk.fill("confirm", "shop/test")
    walk.press(walk.button("Restore into shop/test"))
    walk.until("the restore has succeeded", lambda: "Succeeded" in walk.text())
    walk.see("Safety backup", "Can be undone")
    walk.ok("the restore's steps, and its safety backup", "restore")
    walk.fill("confirm", "shop/test")
    walk.press(walk.button("Undo"))
    walk.until("the undo has succeeded",
               lambda: "Taking back" in walk.text() and "Succeeded" in walk.text())
    walk.ok("it is undone", "undo")

    walk.go("/projects/shop?kind=on-demand")
    row = walk.page.find_elements(By.CSS_SELECTOR, "tbody tr")[0]
    menu = row.find_element(By.CSS_SELECTOR, "details.menu")
    walk.press(menu.find_element(By.TAG_NAME, "summary"))
    walk.press(walk.link("Prepare download", menu))
    walk.see("binary PostgreSQL dump", "tar archive with a manifest")
    walk.fill("mail", "anna@example.org")
    walk.ok("choose the content you want to download", "download-new")
    walk.press(walk.button("Prepare download"))
    walk.until("the download is ready", lambda: "SHA-256" in walk.text())
    walk.see(".dump", ".tar", "The links work until")
    walk.ok("The files will be prepared asynchronously", "download")
    for link in walk.page.find_elements(By.XPATH, "//a[@download]"):
        print("link", link.get_attribute("href"))

    walk.go("/projects/shop/schedules?environment=live")
    walk.see("Schedule of live", "Next runs", "Daily", "Monthly")
    walk.ok("Scheduled backups are made according to the project's backup schedule", "schedules")
    walk.fill("daily", "1")
    walk.press(walk.button("Show what it would keep"))
    walk.see("This is a preview")
    walk.ok("rules are tried before they are saved", "preview")
    walk.press(walk.button("Save these rules"))
    walk.see("Saved.")
    walk.go("/projects/shop")
    walk.press(walk.link("Notices"))
    walk.see("Nobody is told anything")
    walk.fill("mail", "anna@example.org")
    walk.press(walk.page.find_element(By.CSS_SELECTOR, "input[value=restore-finished]"))
    walk.press(walk.button("Add"))
    walk.see("anna@example.org", "a backup failed")
    walk.ok("somebody is told of what happens to the project", "notices")
    walk.go("/cluster")
    walk.see("Region", "Up", "Free")
    walk.ok("the cluster", "cluster")
    walk.go("/activity")
    walk.see("backup create", "restore start")
    walk.ok("the activity", "activity")
    walk.go("/people")
    walk.ok("the people", "people")
    walk.go("/people/new")
    walk.fill("name", "berta")
    walk.press(walk.button("Invite"))
    walk.see("berta is invited", "/invitation/")
    invitation = walk.page.find_element(By.ID, "secret").text
    walk.ok("somebody is invited", "invited")
    walk.go("/account")
    walk.fill("label", "nightly report")
    walk.press(walk.button("Create token"))
    walk.see("Your new token")
    walk.ok("a token is made, and shown once", "account")
    walk.go("/downloads")
    walk.ok("the downloads", "downloads")
    walk.go("/projects/nothing")
    walk.see("There is nothing here")
    walk.page.get_log("browser")
    walk.ok("what is not there is told of", "nothing")

    walk.press(walk.button("Sign out"))
    # Else it would arrive in the middle of what comes next.
    walk.see("No account, or the password is lost?")
    walk.page.get(invitation)
    walk.see("Welcome, berta")
    walk.ok("the invitation is open", "invitation")
    walk.fill("password", "four words for berta")
    walk.fill("again", "four words for berta")
    walk.press(walk.button("Set password and sign in"))
    walk.see("You have no role in any project yet")
    walk.ok("whoever has no role sees nothing of others' projects", "no-role")
    walk.go("/projects/shop")
    if "Create backup" in walk.text() or "before the sale" in walk.text():
        walk.fail("a stranger sees the project")
finally:
    walk.page.quit()
print("done")
