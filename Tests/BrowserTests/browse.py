"""A browser on a sample district: pages opened, looked at and pressed, and what was seen said as a JSON line a step."""

import json
import re
import sys
import time
from contextlib import contextmanager

import accessibility

PASSWORD = "seven lamps along the harbour wall"
ROLES = {
    "duty": "District duty officer",
    "worker": "Grid worker (phone)",
    "reviewer": "Objection reviewer",
    "investigator": "Case investigator",
    "admin": "Administrator (everything)",
}

# What a reader with other eyes or hands needs, and what no page may hold.
FAULTS_OF_PAGE = """() => {
  const faults = [];
  const all = (query) => [...document.querySelectorAll(query)];
  const seen = (element) => element.getClientRects().length > 0;
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) {
    const wide = all("body *").filter((e) => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest(".scroll"));
    faults.push(`${width} px wide: ${wide.slice(0, 3).map((e) => e.tagName + "." + e.className)}`);
  }
  if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
  if (all("main").length !== 1) faults.push(`${all("main").length} main`);
  if (!document.getElementById("main")) faults.push("nothing to skip to");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`h${level} then h${own}: ${heading.textContent}`);
    level = own;
  }
  for (const field of all("input:not([type=hidden]), select, textarea")) {
    if (!field.labels?.length && !field.getAttribute("aria-label")) {
      faults.push(`no label: ${field.name}`);
    }
  }
  for (const one of all("a, button, summary")) {
    const name = one.textContent.trim() || one.getAttribute("aria-label")
      || one.querySelector("title")?.textContent;
    if (!name) faults.push(`no words: ${one.outerHTML.slice(0, 80)}`);
  }
  for (const image of all("img:not([alt])")) faults.push(`no alt: ${image.src}`);
  const ids = all("[id]").map((e) => e.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length) faults.push(`ids twice: ${twice.slice(0, 3)}`);
  for (const list of all("[aria-labelledby], [aria-describedby]")) {
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      const wanted = list.getAttribute(name)?.split(" ") ?? [];
      for (const id of wanted) if (!document.getElementById(id)) faults.push(`no #${id}`);
    }
  }
  for (const button of all(".door button, .door summary")) {
    if (seen(button) && button.getBoundingClientRect().height < 48) {
      faults.push(`low button: ${button.textContent}`);
    }
  }
  if (/Optional\\(|\\bnil\\b|undefined|NaN/.test(document.body.innerText)) {
    faults.push("words of a program");
  }
  return faults.concat(window.policyFaults ?? []);
}"""

WATCH_POLICY = """window.policyFaults = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.policyFaults.push(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
});"""


class Browse:
    def __init__(self, browser, base, links):
        self.browser, self.base, self.links = browser, base, links
        self.pages = self.waiting = self.asked = self.moved = 0
        self.hasPassword = set()
        self.cookies = {}
        self.rules = accessibility.source()
        self.looked = set()

    # MARK: Saying what was seen

    def say(self, step, *faults):
        print(json.dumps({"step": step, "faults": [f for f in faults if f]}, ensure_ascii=False),
              flush=True)

    def expect(self, step, isSo, note=""):
        self.say(step, None if isSo else (note or "it is not so"))

    @contextmanager
    def part(self, step):
        """A part of the walk; what breaks in it is said, and the walk goes on."""
        start = time.monotonic()
        try:
            yield
        except Exception as failure:  # noqa: BLE001: whatever it was belongs in the report
            self.say(step, str(failure).split("Call log")[0].strip()[:600])
        sys.stderr.write(f"{step}: {time.monotonic() - start:.1f} s\n")

    # MARK: Pages

    def open(self, language, width, script=True):
        context = self.browser.new_context(
            locale=language, viewport={"width": width, "height": 844 if width < 600 else 900},
            java_script_enabled=script)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.said = []
        page.language, page.width, page.scripted = language, width, script
        if script:
            context.add_init_script(WATCH_POLICY)
        page.on("console", lambda m: self.note(page, m))
        page.on("pageerror", lambda e: page.said.append(str(e)))
        page.on("response", lambda r: self.remember(page, r))
        page.answers = {}
        return page

    @staticmethod
    def remember(page, response):
        if response.request.is_navigation_request():
            page.status = response.status

    def check(self, page, step, status=200):
        """Looks at the page that is shown."""
        page.wait_for_load_state()
        self.pages += 1
        faults = page.evaluate(FAULTS_OF_PAGE)
        if page.status != status:
            faults.append(f"status {page.status}: {page.title()}")
        if page.get_attribute("html", "lang") != page.language:
            faults.append(f"lang {page.get_attribute('html', 'lang')}")
        faults += self.judge(page)
        said = [s for s in page.said if not (status >= 400 and "Failed to load resource" in s)]
        page.said.clear()
        self.say(f"{page.language} {page.width} {step}", *faults, *said)

    def judge(self, page):
        """What axe and the scales say, once for each kind of page in each of the ways."""
        if not page.scripted:
            return []
        path = re.sub(r"/[^/]*\d[^/]*", "/_", page.url.replace(self.base, "").split("?")[0])
        kind = (path, page.language, page.width)
        if kind in self.looked:
            return []
        self.looked.add(kind)
        weight = accessibility.weight(page)
        heavy = [f"{weight} bytes"] if weight > accessibility.MOST_BYTES else []
        return heavy + (accessibility.faults(page, self.rules) if self.rules else [])

    def go(self, page, path, step=None, status=200):
        page.goto(path if path.startswith("http") else self.base + path)
        self.check(page, step or path, status)

    def press(self, page, target, step, status=200):
        """Presses something that leads to another page."""
        found = page.locator(target) if isinstance(target, str) else target
        with page.expect_navigation():
            found.first.click()
        self.check(page, step, status)

    def tap(self, page, target, step):
        """Presses something at a door: it is kept on the phone, sent, and the page is fresh again."""
        found = page.locator(target) if isinstance(target, str) else target
        page.evaluate("document.getElementById('stored')?.remove()")
        found.first.click()
        page.wait_for_selector("#stored.done")
        self.check(page, step)

    def done(self, page, step):
        notice = page.locator(".notice.done[role=status]")
        self.expect(f"{page.language} {page.width} {step}: said to be done", notice.count() > 0,
                    page.locator("main").inner_text()[:300])

    # MARK: The door

    def signIn(self, role, language, width):
        page = self.open(language, width)
        if role not in self.hasPassword:
            self.hasPassword.add(role)
            self.go(page, self.links[ROLES[role]], f"{role}: one-time link")
            self.press(page, "main button.primary", f"{role}: first password")
            page.fill("#password", PASSWORD)
            page.fill("#again", PASSWORD + "!")
            self.press(page, "main button.primary", f"{role}: passwords that differ", 422)
            self.expect(f"{role}: the difference is said", page.locator("[role=alert]").count() == 1)
            page.fill("#password", PASSWORD)
            page.fill("#again", PASSWORD)
            self.press(page, "main button.primary", f"{role}: password set")
            self.expect(f"{role}: on their first page", not page.url.endswith("/password"), page.url)
            self.done(page, f"{role}: password")
            return page
        self.go(page, "/obligations", f"{role}: sent to sign in")
        self.expect(f"{role}: at the door", "/sign-in" in page.url, page.url)
        account = role
        page.fill("#account", account)
        page.fill("#password", "not the password")
        self.press(page, "main button.primary", f"{role}: wrong password", 401)
        page.fill("#account", account)
        page.fill("#password", PASSWORD)
        self.press(page, "main button.primary", f"{role}: signed in")
        self.expect(f"{role}: where they wanted to go", page.url.endswith("/obligations"), page.url)
        return page

    def enter(self, role, language, width):
        """Comes back with the session of an earlier way, where there is one."""
        if role in self.cookies:
            page = self.open(language, width)
            page.context.add_cookies(self.cookies[role])
            return page
        page = self.signIn(role, language, width)
        self.cookies[role] = page.context.cookies()
        return page

    def note(self, page, message):
        """Takes down what the browser complains of."""
        # What a phone holds is told in the background, and may cross with signing out.
        crossed = "of 40" in message.text and message.location["url"].endswith("/devices.tell")
        if message.type in ("error", "warning") and not crossed:
            page.said.append(message.text)

    def signOut(self, page):
        page.goto(self.base + "/")
        self.press(page, "form[action='/sign-out'] button", "signed out")
        self.go(page, "/obligations", "after signing out")
        self.expect("nothing is shown after signing out", "/sign-in" in page.url, page.url)
