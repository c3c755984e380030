"""From a reported case to contacts who are handed over, as somebody does it who has never seen the pages.

Usage: investigate.py DATA LINKS CHROMIUM [PICTURES]
  DATA      the address of the server
  LINKS     a file with the sign-in addresses that `denghuo demo` prints
  CHROMIUM  the browser
  PICTURES  a folder for a picture of each step; none are made without

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n,
"clicks": n, "keys": n}. A click is a press of the mouse or of Enter; keys are what is typed.
"""

import json
import pathlib
import re
import sys

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import accessibility  # noqa: E402
from browse import FAULTS_OF_PAGE, PASSWORD, ROLES, WATCH_POLICY  # noqa: E402

# Five minutes are 300 seconds; somebody new looks three seconds before each click and types two
# signs a second.
SECONDS = 300
SECONDS_PER_CLICK = 3
KEYS_PER_SECOND = 2


class Investigation:
    def __init__(self, browser, base, links, pictures):
        self.browser, self.base, self.links, self.pictures = browser, base, links, pictures
        self.pages = self.clicks = self.keys = 0
        self.counts = False
        self.axe = accessibility.source()

    def say(self, step, *faults):
        print(json.dumps({"step": step, "faults": [f for f in faults if f]}, ensure_ascii=False),
              flush=True)

    def expect(self, step, isSo, note=""):
        self.say(step, None if isSo else (note or "it is not so"))

    def open(self, language, width):
        context = self.browser.new_context(
            locale=language, viewport={"width": width, "height": 844 if width < 600 else 900})
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH_POLICY)
        page = context.new_page()
        page.said = []
        page.width = width
        page.on("console", lambda m: page.said.append(m.text) if m.type == "error" else 0)
        page.on("pageerror", lambda e: page.said.append(str(e)))
        return page

    def look(self, page, step, refused=False):
        page.wait_for_load_state()
        self.pages += 1
        faults = page.evaluate(FAULTS_OF_PAGE)
        said = [] if refused else list(page.said)
        page.said.clear()
        if self.axe:
            faults += accessibility.faults(page, self.axe)
        if page.locator("[role=alert]").count() and not refused:
            faults.append(page.locator("[role=alert]").first.inner_text())
        if self.pictures:
            name = re.sub(r"[^a-z0-9]+", "-", step.lower()).strip("-")
            page.screenshot(
                path=f"{self.pictures}/{self.pages:02}-{page.width}-{name}.png", full_page=True)
        self.say(f"{page.width} {step}", *faults, *said)

    # MARK: What hands do

    def click(self, page, target, step=None):
        """Presses something; what leads to another page has a step to look at."""
        found = page.locator(target) if isinstance(target, str) else target
        self.clicks += 1 if self.counts else 0
        if step is None:
            found.first.click()
            return
        with page.expect_navigation():
            found.first.click()
        self.look(page, step)

    def type(self, page, target, text):
        self.keys += len(text) if self.counts else 0
        found = page.locator(target) if isinstance(target, str) else target
        found.first.fill(text)

    def enter(self, page, step):
        """Enter in the field where the cursor is, as whoever types does."""
        self.clicks += 1 if self.counts else 0
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.look(page, step)

    # MARK: The door

    @staticmethod
    def submit(page):
        """Presses the green button and waits for what follows; a used link has none."""
        button = page.locator("main button.primary")
        if button.count():
            with page.expect_navigation():
                button.first.click()
            page.wait_for_load_state()

    def signIn(self, role, language, width):
        page = self.open(language, width)
        page.goto(self.links[ROLES[role]])
        self.submit(page)
        if page.locator("#again").count():
            page.fill("#password", PASSWORD)
            page.fill("#again", PASSWORD)
            self.submit(page)
        page.goto(self.base + "/cases")
        if "/sign-in" in page.url:
            page.fill("#account", role)
            page.fill("#password", PASSWORD)
            self.submit(page)
        page.said.clear()
        self.expect(f"{role} is signed in", "/sign-in" not in page.url, page.url)
        return page

    def report(self, page, investigator):
        """A laboratory has called: somebody who was at several venues is positive. Whoever was at home for days met
        nobody of whom it is not known yet: then another is reported, until somebody waits for a decision."""
        page.goto(self.base + "/restrictions")
        links = page.locator("#restrictions a[href^='/restrictions/of/']")
        people = [links.nth(i).get_attribute("href").split("/")[-1] for i in range(links.count())]
        known = 1
        for person in reversed(list(dict.fromkeys(people))):
            number = f"D{known}"
            page.goto(self.base + "/cases")
            form = page.locator("form[action='/do/cases.report']")
            form.locator("[name=case]").fill(number)
            form.locator("[name=person]").fill(person)
            form.locator("[name=kind][value=confirmed]").check()
            with page.expect_navigation():
                form.locator("button.primary").click()
            page.wait_for_load_state()
            if not page.locator(".notice.done[role=status]").count():
                continue
            known += 1
            if self.somebodyWaits(investigator, number):
                break
        page.said.clear()
        investigator.said.clear()
        page.goto(self.base + "/cases")
        self.expect("a case is reported", page.locator(f"a[href='/cases/{number}']").count() == 1,
                    page.locator("main").inner_text()[:200])
        return number

    def somebodyWaits(self, page, number):
        """Whether tracing proposes somebody within a few seconds."""
        for _ in range(8):
            page.goto(f"{self.base}/cases/{number}/contacts?state=proposed")
            if page.locator("#contacts tbody tr").count():
                return True
            page.wait_for_timeout(1000)
        return False

    # MARK: The call

    def call(self, page, number):
        """The interview: four questions, then what is missing of the last day."""
        self.click(page, f"a[href='/cases/{number}/interview']", "the form for the call")
        answer = page.locator("#ask-onset form")
        self.click(page, answer.locator("[value=not_known]"), "onset not known")
        symptoms = page.locator("#ask-symptoms form")
        self.click(page, symptoms.locator("[value=fever]"))
        self.click(page, symptoms.locator("[value=dry_cough]"))
        self.click(page, symptoms.locator("button.primary"), "symptoms")
        self.type(page, "#ask-household textarea", "和女儿同住")
        self.click(page, "#ask-household button.primary", "household")
        self.click(page, page.locator("#ask-work form [value=refused]"), "work refused")
        self.expect("what was said stands there", "女儿" in page.locator("main").inner_text()
                    or "＊" in page.locator("main").inner_text())
        days = page.locator("#day .tabs a")
        self.expect("days are named backwards", days.count() >= 3, str(days.count()))
        gaps = page.locator("#day a[href*='from=']")
        self.expect("gaps are named", gaps.count() > 0)
        hours = lambda: [gap.get_attribute("href") for gap in gaps.all()]
        before = hours()
        self.click(page, page.locator("#stay button[name=place]"), "at home until then")
        # How many are left depends on the hour at which the call is made.
        self.expect("a gap was closed", hours() != before, str(before))
        self.stay(page, f"北山农家乐 {number}", "15:00", "16:30")
        self.expect("a venue nobody knows is a lead", page.locator("#day a[href^='/leads/']").count() == 1,
                    page.locator("#day").inner_text()[:300])
        self.meet(page)
        self.click(page, page.locator("#day > .row a.button").last, "the day before")
        self.click(page, page.locator("#stay button[name=place]"), "at home that day, too")
        self.expect("the line of time has what was told",
                    page.locator("#line svg.trajectory").count() == 1)

    def stay(self, page, venue, start, end):
        self.type(page, "#stay [name=venue]", venue)
        self.type(page, "#stay [name=from]", start)
        self.type(page, "#stay [name=to]", end)
        page.locator("#stay [name=to]").focus()
        self.enter(page, "a venue")

    def meet(self, page):
        self.click(page, "#meet > summary")
        self.type(page, "#meet [name=name]", "同事小李")
        self.type(page, "#meet [name=phone]", "13900001111")
        self.type(page, "#meet [name=from]", "15:00")
        self.type(page, "#meet [name=minutes]", "40")
        self.click(page, page.locator("#meet [name=masked][value=false]"))
        self.click(page, "#meet button.primary", "somebody met")
        self.expect("who was met is looked for", page.locator("#day a[href^='/leads/']").count() == 2)

    # MARK: Contacts

    def decide(self, page, second, number):
        self.click(page, page.locator(f"main a[href='/cases/{number}']"), "back at the case")
        self.click(page, page.locator(f"a[href='/cases/{number}/contacts']"), "the contacts")
        waiting = page.locator("#contacts tbody tr").count()
        self.expect("somebody waits", waiting > 0)
        self.click(page, page.locator("a[href*='view=graph']"), "the picture")
        self.expect("the picture has people", page.locator("svg.graph .dot").count() > 0)
        page.go_back()
        self.click(page, "button[name=preview][value=confirm]", "what confirming means")
        self.click(page, "#preview form button.primary", "confirmed")
        self.click(page, page.locator(f"main a[href='/cases/{number}']"), "the case after the decision")
        asked = page.locator("a[href^='/contact-requests#']")
        if asked.count():
            # More than one may confirm alone: somebody of another organisation agrees.
            second.goto(self.base + "/contact-requests")
            approve = second.locator("form[action='/do/contacts.approve'] button[value=true]")
            with second.expect_navigation():
                approve.first.click()
            page.reload()
            self.look(page, "the case after the second person")

    def handedOver(self, page):
        total = page.locator("#progress tfoot td").last
        self.expect("contacts are handed over", int(total.inner_text().replace(",", "")) > 0,
                    page.locator("#progress").inner_text()[:300])
        self.click(page, total.locator("a"), "those who were handed over")
        self.expect("the number opens to its rows", page.locator("#contacts tbody tr").count() > 0)

    def correct(self, page):
        """One of them is put right; the history tells it."""
        self.click(page, page.locator("#contacts tbody a[href^='/contacts/']"), "one contact")
        page.locator("details[id^=correct-] > summary").first.click()
        form = page.locator("details[id^=correct-] form").first
        form.locator("[name=kind][value=general]").check()
        form.locator("[name=reason]").fill("隔着两桌")
        with page.expect_navigation():
            form.locator("button.primary").click()
        self.look(page, "a corrected contact")
        self.expect("the history has the correction", page.locator("#steps li.soon").count() > 0,
                    page.locator("#history").inner_text()[:300])


def investigate(browser, base, links, pictures):
    all = Investigation(browser, base, links, pictures)
    duty = all.signIn("duty", "zh-CN", 1440)
    page = all.signIn("investigator", "zh-CN", 1440)
    number = all.report(duty, page)
    page.goto(base + "/cases")
    all.counts = True
    all.click(page, ".sections a[href='/investigations']", "the desk")
    all.click(page, page.locator(f"#board a[href='/cases/{number}']"), "the case")
    all.call(page, number)
    all.decide(page, duty, number)
    all.handedOver(page)
    all.counts = False
    seconds = all.clicks * SECONDS_PER_CLICK + all.keys / KEYS_PER_SECOND
    all.expect("it takes less than five minutes", seconds < SECONDS,
               f"{all.clicks} clicks and {all.keys} keys are {seconds:.0f} s")
    all.correct(page)
    # The same pages on a phone, in English.
    phone = all.open("en", 390)
    phone.context.add_cookies(page.context.cookies())
    for path, step in [("/investigations", "desk"), (f"/cases/{number}", "case"),
                       (f"/cases/{number}/interview", "interview"), (f"/cases/{number}/contacts", "contacts"),
                       (f"/cases/{number}/contacts?view=graph", "picture")]:
        phone.goto(base + path)
        all.look(phone, step)
    phone.goto(f"{base}/cases/{number}/interview")
    phone.locator("#stay [name=venue]").fill("West Hill inn")
    phone.locator("#stay [name=from]").fill("10:00")
    phone.locator("#stay [name=to]").fill("09:00")
    with phone.expect_navigation():
        phone.locator("#stay button.primary").click()
    all.look(phone, "a stay the wrong way round", refused=True)
    all.expect("what was typed is still there",
               phone.locator("#stay [name=venue]").input_value() == "West Hill inn"
               and phone.locator("#stay .error").count() == 1)
    print(json.dumps({"step": "end", "faults": [], "pages": all.pages, "clicks": all.clicks,
                      "keys": all.keys}), flush=True)


def main():
    base, file, chromium = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        investigate(browser, base, links, pictures)
        browser.close()


if __name__ == "__main__":
    main()
