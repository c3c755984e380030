"""A copy of a phone's profile, taken during the shift: unreadable, and empty once the phone is revoked."""

import os
import shutil
import time

from offlinewords import ALL_STORES, NAME, NOTE, UNSENT
from phone import PASSWORD


class Revoked:
    def revoke(self, addresses):
        """A copy of the profile, taken during the shift, is unreadable once the phone is revoked."""
        self.storeAll()
        self.network(False)
        self.open("/round/new")
        report = self.page.locator("form[action='/do/sightings.report']")
        report.locator("select").select_option(index=1)
        report.locator("input[value=ill]").check()
        report.locator("textarea").fill(NOTE)
        self.press(report.locator("button.primary"))
        device = self.state()["device"]
        self.expect("the phone knows by its disk which one it is", self.isWritten())
        # Somebody behind a door, as the stored pages name them.
        whos = self.page.evaluate("""async (address) => {
          const { queue } = await import(document.querySelector("[href^='/queue.js']").getAttribute("href"));
          const page = await queue.kept(address);
          const door = new DOMParser().parseFromString(page.html, "text/html").querySelector(".door");
          return [door.querySelector(".who").textContent, door.id];
        }""", addresses[0])
        copy = os.path.join(self.folder, "copy")
        self.kill()
        shutil.copytree(self.profile, copy, symlinks=True)
        self.colleague.goto(self.direct + "/field")
        row = self.colleague.locator(f"form:has(input[value='{device}']) button.danger")
        self.expect("the supervisor sees the phone", row.count() == 1)
        row.first.click()
        self.colleague.wait_for_load_state()
        self.search(copy, device, *whos)
        self.openCopy(copy, device)

    def search(self, folder, device, *more):
        """No file of the copy holds anything that somebody could read."""
        secrets = [NOTE, NAME, PASSWORD, self.key, *more]
        needles = {s: [s.encode(), s.encode("utf-16-le"), bytes.fromhex(s) if s == self.key else s.encode()]
                   for s in secrets}
        found, isSeen = set(), False
        for path, _, names in os.walk(folder):
            for name in names:
                file = os.path.join(path, name)
                if os.path.islink(file) or not os.path.isfile(file):
                    continue
                content = open(file, "rb").read()
                isSeen = isSeen or device.encode() in content or device.encode("utf-16-le") in content
                found.update(f"{s[:20]} in {os.path.relpath(file, folder)}"
                             for s, forms in needles.items() if any(n in content for n in forms))
        # Were the device's own identifier not found, the search would prove nothing.
        self.expect("the search finds what is plain", isSeen)
        self.expect("no file of the copy can be read", not found, sorted(found))

    def openCopy(self, copy, device):
        page = self.start(copy)
        page.goto(self.base + "/round")
        page.wait_for_selector("#unlock:not([hidden])")
        for guess in ["a guess in the dark", "another one of them"]:
            page.fill("#password", guess)
            page.click("#unlock button")
            page.wait_for_selector("#wrong:not([hidden])")
        text = page.locator("body").inner_text()
        self.expect("without network the copy opens nothing", "Wrong password" in text and NOTE not in text, text)
        read = page.evaluate(ALL_STORES)
        faults = [s for s in [NOTE, NAME, self.key, "a key in the clear", "<html"] if s in read["text"]]
        self.expect("nothing in its stores can be read", not faults and read["entries"] == 1, faults)
        # The page asks again by itself once there is network.
        self.network(True)
        page.wait_for_selector("#account")
        self.expect("with network it is nobody", "/sign-in" in page.url, page.url)
        end = time.monotonic() + 20
        while time.monotonic() < end and not any(r[1] == "revoked" for r in self.rows(UNSENT)):
            page.wait_for_timeout(200)
        handed = [row for row in self.rows(UNSENT) if row[1] == "revoked"]
        self.expect("what it held was handed over", len(handed) == 1, self.rows(UNSENT))
        isEmpty = False
        while time.monotonic() < end and not isEmpty:
            page.wait_for_timeout(500)
            read = page.evaluate(ALL_STORES)
            isEmpty = not read.get("entries") and device not in read["text"]
        self.expect("it has emptied itself", isEmpty, read)
        self.colleague.goto(self.direct + "/field")
        shown = self.colleague.locator("main").inner_text()
        self.expect("the supervisor reads what was on it", NOTE in shown, shown[:800])
        self.context.close()
