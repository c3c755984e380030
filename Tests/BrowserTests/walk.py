"""Drives a browser over every page of a sample district and says what it saw, a JSON line a step.

Usage: walk.py DATA LINKS CHROMIUM
  DATA      the address of the server
  LINKS     a file with the sign-in addresses that `denghuo demo` prints
  CHROMIUM  the browser

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n}.
"""

import json
import os
import re
import sys
import time
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

import accessibility
from daily import Daily

PASSWORD = "seven lamps along the harbour wall"
ROLES = {
    "duty": "District duty officer",
    "worker": "Grid worker (phone)",
    "reviewer": "Objection reviewer",
    "investigator": "Case investigator",
    "admin": "Administrator (everything)",
}
# Each half of the walk has a server of its own: wide in one language and narrow in the other. With all
# ways each half goes its own way in the other language, too.
WAYS = [("en", 1440), ("zh-CN", 390)]
ALL_WAYS = [("en", 1440), ("zh-CN", 1440), ("zh-CN", 390), ("en", 390)]

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


class Walk:
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

    # MARK: Cases

    def people(self, page):
        """Who is restricted in the grid of a worker."""
        page.goto(self.base + "/restrictions")
        links = page.locator("#restrictions a[href^='/restrictions/of/']")
        found = [links.nth(i).get_attribute("href").split("/")[-1] for i in range(links.count())]
        return list(dict.fromkeys(found))

    def report(self, page, person, number):
        self.go(page, "/cases")
        form = page.locator("form[action='/do/cases.report']")
        form.locator("[name=case]").fill(number)
        form.locator("[name=person]").fill(person)
        form.locator("[name=name]").fill("林样本")
        now = form.locator("[name=reported_at]").input_value()
        form.locator("[name=reported_at]").fill(f"{int(now[:4]) + 1}{now[4:16]}")
        form.locator("[name=kind][value=asymptomatic]").check()
        self.press(page, form.locator("button.primary"), "a refused case", 422)
        form = page.locator("form[action='/do/cases.report']")
        self.expect("a refused case keeps what was typed",
                    form.locator("[name=case]").input_value() == number
                    and form.locator("[name=name]").input_value() == "林样本"
                    and form.locator("[name=kind][value=asymptomatic]").is_checked())
        self.expect("a refused case says it at the field",
                    form.locator("[name=reported_at][aria-invalid=true]").count() == 1
                    and form.locator(".error").count() == 1, page.locator("main").inner_text()[:300])
        form.locator("[name=reported_at]").fill(now)
        form.locator("[name=name]").fill("")
        self.press(page, form.locator("button.primary"), "a reported case")
        self.done(page, "reported")
        self.expect("the case is in the list",
                    page.locator(f"#cases a[href='/cases/{number}']").count() == 1)

    def casePage(self, page, number):
        own = f"/cases/{number}"
        self.go(page, own, "case")
        compute = page.locator("form[action='/do/contacts.compute'] button")
        if compute.count():
            page.locator("#compute > summary").click()
            self.press(page, compute, "contacts computed again")
        self.expect("the case shows a trajectory",
                    page.locator("svg.trajectory, .empty").count() > 0)
        self.expect("at most three gaps are drawn", page.locator("svg .gap").count() <= 3)
        if page.locator("svg.trajectory").count():
            outside = page.evaluate(
                """() => [...document.querySelectorAll("svg.trajectory text")].filter((text) => {
                  const box = text.getBBox(), view = text.ownerSVGElement.viewBox.baseVal;
                  return box.x < 0 || box.x + box.width > view.width;
                }).map((text) => text.textContent)""")
            self.expect("no label of the trajectory is cut off", not outside, str(outside))
            page.locator("#trajectory-list > summary").click()
            self.check(page, "trajectory as a list")
        waiting = page.locator("form[action='/do/contacts.confirm']").count()
        self.waiting += waiting
        if waiting:
            self.expect("contacts wait with their evidence", page.locator("article li").count() > 0)
        if waiting > 1:
            self.press(page, "form[action='/do/contacts.confirm'] button.primary", "one contact")
            self.done(page, "one contact confirmed")
            page.locator("details[id^=reject-] > summary").first.click()
            self.press(page, "form[action='/do/contacts.reject'] button", "one is none")
            self.done(page, "one contact rejected")
        page.locator("#reveal-case > summary").click()
        self.press(page, "#reveal-case button", "case with the name shown")
        self.expect("the name is shown", page.locator("h1 .masked").count() == 0)

    def decideAll(self, page, second):
        """Contacts in bulk: first what it would mean; more than one may confirm wait for a second person."""
        self.go(page, "/cases", "cases to decide on")
        cases = [link.get_attribute("href") for link in page.locator("#cases a[href^='/cases/']").all()]
        preview = page.locator("a[href*='preview=true']")
        for own in dict.fromkeys(cases[:25]):
            page.goto(self.base + own)
            if preview.count():
                break
        if not preview.count():
            return
        self.waiting += page.locator("form[action='/do/contacts.confirm']").count()
        self.press(page, preview, "what deciding all means")
        self.press(page, ".notice form[action='/do/contacts.confirm'] button.primary", "all contacts")
        self.done(page, "all contacts")
        asked = page.locator("a[href^='/contact-requests#']")
        if not asked.count():
            return
        self.asked += 1
        self.press(page, asked, "what was asked of a second person")
        approve = "form[action='/do/contacts.approve'] button[value=true]"
        self.press(page, approve, "the asker may not approve", 422)
        self.go(second, "/contact-requests", "second person")
        second.locator("details[id^=people-] > summary").first.click()
        self.press(second, approve, "approved by a second person")
        self.done(second, "approved")

    def handOver(self, page, second):
        """A contact on the way to the area of the home: taken on, found, sent off, arrived."""
        self.go(page, "/referrals", "hand-overs")
        self.expect("the board has its figures", page.locator("#figures").count() == 1)
        self.go(page, "/referrals?show=all", "all hand-overs")
        self.go(page, "/referrals?direction=outgoing&show=all", "help letters")
        page.goto(self.base + "/referrals?show=unanswered")
        accept = page.locator("main form[action='/do/referrals.accept'] button.primary")
        if accept.count():
            self.press(page, accept, "many accepted")
            self.done(page, "many accepted")
        # Whoever isolates at home is found and goes nowhere; the first who has to move is moved.
        for _ in range(8):
            page.goto(self.base + "/referrals?show=unfound")
            links = page.locator("#referrals a[href^='/referrals/']")
            if not links.count():
                return
            self.press(page, links, "a hand-over")
            own = page.url
            self.press(page, "form[action='/do/referrals.report'] button[value=home]", "found at home")
            self.done(page, "found at home")
            page.goto(own)
            if page.locator("#depart").count():
                break
        else:
            return
        if not page.locator("#depart form").is_visible():
            page.locator("#depart > summary").click()
        page.locator("#depart [name=site]").fill("海滨酒店")
        self.press(page, "#depart button.primary", "sent off")
        self.done(page, "sent off")
        page.goto(own)
        self.press(page, "form[action='/do/referrals.arrive'] button.primary", "own arrival", 422)
        second.goto(own)
        self.press(second, "form[action='/do/referrals.arrive'] button.primary", "arrived")
        self.done(second, "arrived")
        self.moved += 1

    def decision(self, page):
        """What only a decision closes offers that decision, and neither finishing nor waiving."""
        self.go(page, "/obligations?kind=objections.decide", "decisions owed")
        links = page.locator(".obligation a[href^='/obligations/']")
        if not links.count():
            return
        self.press(page, links, "a decision owed")
        self.expect("nobody ticks a decision off",
                    page.locator("form[action='/do/obligations.finish'], #waive").count() == 0)
        self.expect("it leads to the decision", page.locator("main a[href^='/objections/']").count() > 0)

    def add(self, page, number, person):
        self.go(page, f"/cases/{number}", "case")
        page.locator("#add > summary").click()
        form = page.locator("#add form")
        form.locator("[name=person]").fill(person)
        form.locator("[name=from]").fill("2020-02-02T10:00")
        form.locator("[name=to]").fill("2020-02-02T09:00")
        self.press(page, form.locator("button.primary"), "a contact that ends before it begins", 422)
        form = page.locator("#add form")
        self.expect("the refused form stands open", form.is_visible())
        today = page.locator("#clock time").get_attribute("datetime")[:10]
        form.locator("[name=from]").fill(f"{today}T00:00")
        form.locator("[name=to]").fill(f"{today}T00:01")
        self.press(page, form.locator("button.primary"), "a contact by hand")
        self.done(page, "a contact by hand")

    def rightAndWithdraw(self, page, number):
        own = f"/cases/{number}"
        self.go(page, own, "case to correct")
        page.locator("#correct > summary").click()
        form = page.locator("form[action='/do/cases.correct']")
        form.locator("select[name=field]").select_option("age")
        form.locator("[name=value]").fill("not a number")
        form.locator("[name=reason]").fill("typed wrongly")
        self.press(page, form.locator("button.primary"), "a refused correction", 422)
        form = page.locator("form[action='/do/cases.correct']")
        self.expect("a refused form stands open with its reason",
                    form.is_visible() and form.locator("[name=reason]").input_value() == "typed wrongly")
        if not form.is_visible():
            page.locator("#correct > summary").click()
        form.locator("[name=value]").fill("47")
        self.press(page, form.locator("button.primary"), "a correction")
        self.done(page, "corrected")
        page.locator("#withdraw > summary").click()
        page.locator("#withdraw textarea").fill("a second laboratory found nothing")
        self.press(page, "#withdraw button.danger", "withdrawn")
        self.done(page, "withdrawn")
        self.expect("the page says that it is withdrawn", page.locator(".notice.soon").count() > 0)
        self.go(page, "/cases?show=withdrawn")
        self.expect("withdrawn cases can be found",
                    page.locator(f"#cases a[href='/cases/{number}']").count() == 1)

    # MARK: The round

    def doors(self, page, step):
        """The worker's own doors: done, nobody home, help."""
        self.go(page, "/round", f"round {step}")
        if page.locator("#buildings a.tile.late, #buildings a.tile").count():
            self.press(page, "#buildings a.tile:has-text('1')", "a building of the round")
        self.expect("a door shows what is to be done", page.locator(".door .work").count() > 0,
                    page.locator("main").inner_text()[:200])
        nobody = ".door button[value=nobodyHome]"
        self.tap(page, nobody, "nobody home")
        self.done(page, "nobody home")
        self.expect("the call is remembered", page.locator(".door .work", has_text=re.compile("敲过|called")).count() > 0)
        self.tap(page, ".door button[value=needsHelp]", "help")
        self.done(page, "help")
        # Others become due meanwhile: what counts is whether this one is still asked for.
        form = page.locator(".door form:has(> button.primary):has([name=obligation])").first
        subject = form.locator("[name=obligation]").get_attribute("value")
        self.tap(page, form.locator("> button.primary"), "done in one tap")
        self.done(page, "done at the door")
        still = page.locator(f"main form:has([name=obligation][value='{subject}']) button:not([disabled])")
        self.expect("what is done fades", still.count() == 0, still.count())
        self.proof(page)

    def board(self, page):
        """From the whole district down to doors, and a proof in two taps."""
        self.go(page, "/round", "round of a district")
        self.expect("a district chooses first", page.locator("#areas a.tile").count() > 0)
        seen = set()
        while page.locator("#areas").count():
            left = page.locator("#areas li:has(progress:not([value='0'])) a, #areas a.tile.late")
            tiles = page.locator("#areas a.tile")
            chosen = None
            for index in range(tiles.count()):
                tile = tiles.nth(index)
                bar = tile.locator("progress")
                href = tile.get_attribute("href")
                if bar.count() and href not in seen and bar.get_attribute("value") != bar.get_attribute("max"):
                    chosen = tile
                    break
            if chosen is None:
                chosen = left.first if left.count() else tiles.first
            seen.add(chosen.get_attribute("href"))
            self.press(page, chosen, "one level down")
        buildings = page.locator("#buildings a.tile")
        if buildings.count():
            left = page.locator("#buildings a.tile:has(progress:not([value='0'])), #buildings a.tile.late")
            self.press(page, left.first if left.count() else buildings.first, "a building")
        self.proof(page)

    def proof(self, page):
        """A temperature in two taps, or any other proof by its form."""
        proof = page.locator(".door details[id^=proof-] > summary")
        # Late in the evening nothing that needs a proof may be left for today.
        if not proof.count():
            return
        proof.first.click()
        quick = page.locator(".door details[open] form.quick button")
        if quick.count():
            self.tap(page, quick.nth(2), "a temperature in two taps")
        else:
            form = page.locator(".door details[open] form.form").first
            self.fillProof(form)
            self.tap(page, form.locator("button.primary"), "a proof by form")
        self.done(page, "proof")

    @staticmethod
    def fillProof(form):
        for field in form.locator("input:not([type=hidden]):not([type=radio])").all():
            field.fill("36.6" if field.get_attribute("type") == "number" else "T-000117")
        for group in form.locator("fieldset").all():
            group.locator("input[type=radio]").first.check()
        for group in form.locator("select").all():
            group.select_option(index=0)

    # MARK: Obligations

    def obligations(self, page):
        self.go(page, "/obligations")
        for show in ["late", "soon", "mine"]:
            self.go(page, f"/obligations?show={show}")
        page.goto(self.base + "/obligations?kind=restrictions.health")
        claim = "form[action='/do/obligations.claim'] button"
        before = page.locator(claim).count()
        self.press(page, claim, "claimed")
        self.done(page, "claimed")
        self.expect("what is claimed has a name", page.locator(claim).count() == before - 1 or before == 50)
        self.go(page, "/obligations?show=mine", "my obligations")
        self.expect("what I claimed is mine", page.locator("#obligations li.obligation").count() > 0)
        page.goto(self.base + "/obligations?show=mine&kind=restrictions.health")
        self.press(page, "#obligations h3 a", "an obligation")
        page.locator("#waive > summary").click()
        page.locator("#waive textarea").fill("moved to another district")
        self.press(page, "#waive button.danger", "waived")
        self.done(page, "waived")
        health = "/obligations?kind=restrictions.health"
        self.go(page, health, "obligations of one kind")
        more = page.locator("nav.pages a[rel=next]")
        if more.count():
            self.press(page, more, "the next obligations")
        page.goto(self.base + health)
        self.press(page, "#obligations h3 a", "a question about health")
        form = page.locator("form[action='/do/obligations.finish']").first
        self.fillProof(form)
        form.locator("input[type=number]").first.fill("66")
        self.press(page, form.locator("button.primary"), "a temperature that nobody has", 422)
        form = page.locator("form[action='/do/obligations.finish']").first
        self.expect("the temperature is marked",
                    form.locator("input[type=number]").first.input_value() == "66"
                    and page.locator(".error, [role=alert]").count() > 0)
        self.fillProof(form)
        self.press(page, form.locator("button.primary"), "a proof")
        self.done(page, "a proof")

    def strikeOff(self, page):
        self.go(page, "/obligations?show=late", "what was late")
        strike = page.locator("form[action='/do/obligations.strikeOff'] button")
        if not strike.count():
            late = page.locator("#obligations h3 a")
            if not late.count():
                return False
            self.press(page, late, "a late obligation")
            form = page.locator("form[action='/do/obligations.finish']").first
            self.fillProof(form)
            self.press(page, form.locator("button.primary"), "done late")
            self.done(page, "done late")
            strike = page.locator("form[action='/do/obligations.strikeOff'] button")
        self.press(page, strike, "struck off")
        self.done(page, "struck off")
        return True

    # MARK: A resident

    def resident(self, duty, reviewer, person, isUpheld):
        language, width = duty.language, duty.width
        self.go(duty, f"/restrictions/of/{person}", "restrictions of a person")
        self.go(duty, f"/residents/{person}", "a file")
        duty.locator("#reveal-person > summary").click()
        self.press(duty, "#reveal-person button", "a file with the name shown")
        self.go(duty, f"/residents/{person}/slip", "issuing a slip")
        self.press(duty, "main form button.primary", "the slip")
        address = duty.locator("main .large a").get_attribute("href")
        own = self.open(language, 390)
        own.goto(address)
        own.wait_for_url("**/me")
        self.check(own, "resident’s own page")
        words = own.locator("main").inner_text()
        self.expect("the answer comes first", own.locator("h1.answer time").count() == 1, words[:200])
        facts = own.locator("article.restriction dt").count()
        self.expect("why, clause, evidence, who, until, how to disagree", facts >= 6, str(facts))
        looks = own.locator(".looks li").count()
        self.expect("who looked is shown", looks > 0)
        before = own.locator(".looks").inner_text()
        duty.goto(f"{self.base}/residents/{person}")
        duty.locator("#reveal-person > summary").click()
        self.press(duty, "#reveal-person button[value=containment], #reveal-person button", "looked again")
        own.reload()
        self.expect("the list of who looked grows", own.locator(".looks").inner_text() != before)
        choice = own.locator("#object input[type=radio]")
        if choice.count():
            choice.first.check()
        own.locator("#object textarea").fill("I was never at that market.")
        self.press(own, "#object button.primary", "objected")
        self.done(own, "objected")
        self.go(reviewer, "/objections")
        waiting = reviewer.locator("a[href^='/objections/']")
        self.expect("the reviewer sees it", waiting.count() > 0)
        self.press(reviewer, waiting, "an objection")
        reviewer.locator(f"input[name=upheld][value={'true' if isUpheld else 'false'}]").check()
        reviewer.locator("textarea[name=reason]").fill("The venue's records were looked at again.")
        self.press(reviewer, "form[action='/do/objections.decide'] button.primary", "decided")
        self.done(reviewer, "decided")
        own.reload()
        self.check(own, "resident’s page after the decision")
        own.context.close()

    # MARK: Who infected whom, and leads

    def transmission(self, page, number):
        self.go(page, "/transmission")
        drawing, nested = page.locator("svg.tree"), page.locator("ul.tree-list")
        self.expect("the tree is drawn where there is room, and nested where there is not",
                    drawing.is_visible() == (page.width > 600)
                    and nested.is_visible() == (page.width <= 600))
        if drawing.is_visible():
            page.locator("svg.tree a").first.focus()
            self.expect("a case in the drawing can be reached by keyboard", page.evaluate(
                "document.activeElement.closest('svg.tree') !== null"))
        self.go(page, f"/cases/{number}", "case")
        self.press(page, f"main a[href='/transmission/{number}']", "from the case to its source")
        enter = "#enter form"
        page.locator("#enter > summary").click()
        page.locator(f"{enter} [name=infector]").fill(number)
        self.press(page, f"{enter} button.primary", "nobody infected themselves", 422)
        page.locator(f"{enter} [name=infector]").fill("imported")
        self.press(page, f"{enter} button.primary", "a source entered")
        self.done(page, "a source entered")
        page.locator("#withdraw > summary").click()
        page.locator("#withdraw [name=reason]").fill("came from the other flat")
        self.press(page, "#withdraw button.danger", "a source withdrawn")
        self.done(page, "a source withdrawn")
        self.expect("what was withdrawn stays with its reason", page.locator("#closed").count() == 1)

    def leads(self, page, way):
        self.go(page, "/leads")
        for part in ["first", "second"]:
            page.locator("#enter > summary").click()
            form = page.locator("#enter form")
            form.locator("[name=title]").fill(f"{way} {part}")
            form.locator("[name=urgency][value=urgent]").check()
            form.locator("[name=name]").fill("林样本")
            form.locator("[name=phone]").fill("13800000117")
            self.press(page, form.locator("button.primary"), f"{part} lead")
            self.done(page, f"{part} lead")
            self.expect("the split is shown before it is done", page.locator("#split table").count() == 1)
            self.press(page, "#split form button.primary", "split")
            self.done(page, "split")
            self.go(page, "/leads?state=assigned", "leads to check")
            self.press(page, page.locator("#leads a", has_text=f"{way} {part}"), f"{part} lead opened")
            if part == "first":
                page.locator("#reveal-lead > summary").click()
                self.press(page, "#reveal-lead button", "a lead with the name shown")
                self.expect("the telephone can be called", page.locator("a[href^='tel:']").count() == 1)
                page.locator("#result [name=measure][value=home]").check()
                self.press(page, "#result form button.primary", "a result")
                self.done(page, "a result")
                self.go(page, "/leads")
        self.expect("an earlier result of the same person is shown",
                    page.locator(".notice.information").count() == 1)
        page.locator("#hand-over > summary").click()
        page.locator("#hand-over [name=reason]").fill("lives there")
        self.press(page, "#hand-over button.primary", "handed over")
        self.done(page, "handed over")

    # MARK: The bulletin

    def bulletin(self, page, isFirst):
        self.go(page, "/bulletin")
        if isFirst:
            form = page.locator("form[action='/do/bulletin.publish']")
            form.locator("[name='declared.total']").fill("4711")
            self.press(page, form.locator("button.primary"), "a declared number that differs", 422)
            self.expect("the difference is said", page.locator("[role=alert]").count() == 1
                        and "4711" in page.locator("main").inner_text().replace(",", ""))
            form = page.locator("form[action='/do/bulletin.publish']")
            form.locator("[name='declared.total']").fill("")
            self.press(page, form.locator("button.primary"), "published")
            self.done(page, "published")
        self.press(page, page.locator("main a[href^='/bulletin/']:not([href*=rows])"), "a published bulletin")
        page.goto(self.base + "/bulletin")
        rows = page.locator("main a[href^='/bulletin/rows']")
        self.press(page, rows, "the rows of a number")
        page.goto(self.base + "/")
        today = page.locator("main a[href^='/bulletin/rows']")
        if today.count():
            self.press(page, today, "today’s rows from the wall")

    # MARK: Everything else

    def sweep(self, page):
        for link in page.locator("nav.sections a").all():
            page.paths = getattr(page, "paths", []) + [link.get_attribute("href")]
        for path in page.paths:
            self.go(page, path)
        page.goto(self.base + "/")
        tile = page.locator("#board a.tile")
        if tile.count():
            self.press(page, tile, "a street")
        if page.locator("#board a.tile").count():
            self.press(page, "#board a.tile", "a community")
        self.go(page, "/no-such-page", status=404)
        self.go(page, "/audit", "what is not theirs", 403)
        self.go(page, "/password")

    def live(self, page, other, person, number):
        """A case reported elsewhere appears without anybody reloading."""
        self.go(page, "/cases", "cases, kept open")
        page.evaluate("window.stillHere = true")
        page.locator('html[data-connection=live]').wait_for(state='attached')
        other.goto(self.base + "/cases")
        form = other.locator("form[action='/do/cases.report']")
        form.locator("[name=case]").fill(number)
        form.locator("[name=person]").fill(person)
        form.locator("[name=kind][value=confirmed]").check()
        self.press(other, form.locator("button.primary"), "reported elsewhere")
        page.wait_for_selector(f"#cases a[href='/cases/{number}']", timeout=12_000)
        self.expect("the page was not loaded again", page.evaluate("window.stillHere === true"))

    def plain(self, state, number):
        """Reading and pressing without any script."""
        context = self.browser.new_context(
            locale="en", viewport={"width": 390, "height": 844}, java_script_enabled=False,
            storage_state=state)
        page = context.new_page()
        for path in ["/", "/obligations", f"/cases/{number}", "/round", "/bulletin", "/restrictions"]:
            answer = page.goto(self.base + path)
            self.expect(f"without scripts {path}",
                        answer.status == 200 and len(page.locator("main").inner_text()) > 40)
        page.goto(self.base + f"/cases/{number}")
        page.locator("#correct > summary").click()
        self.expect("without scripts a disclosure opens", page.locator("#correct form").is_visible())
        context.close()


def walk(browser, base, links, part):
    all = Walk(browser, base, links)
    people, strikes = [], 0
    ways = ALL_WAYS if os.environ.get("DENGHUO_WAYS") == "all" else WAYS
    half = len(ways) // 2
    for index, (language, width) in list(enumerate(ways))[half * part:half * (part + 1)]:
        isFirst = index == half * part
        way = f"{language} {width}"
        with all.part(f"{way} signing in"):
            duty = all.signIn("duty", language, width)
            worker = all.enter("worker", language, width)
            reviewer = all.enter("reviewer", language, width)
            second = all.enter("investigator", language, width)
            admin = all.enter("admin", language, width)
            people = people or all.people(worker)
            all.expect("somebody is restricted", len(people) > 9, str(len(people)))
        number = f"W{index}"
        with all.part(f"{way} pages"):
            all.sweep(duty)
        with all.part(f"{way} reporting"):
            all.report(duty, people[-1 - index], number)
        with all.part(f"{way} case"):
            all.casePage(duty, number)
            all.add(duty, number, people[index + 4])
        with all.part(f"{way} deciding"):
            all.decideAll(duty, second)
            all.decision(duty)
            all.handOver(duty, second)
        with all.part(f"{way} round"):
            all.doors(worker, way)
        with all.part(f"{way} board"):
            all.board(duty)
        with all.part(f"{way} obligations"):
            all.obligations(duty)
        with all.part(f"{way} strike off"):
            strikes += all.strikeOff(duty)
        daily = Daily(all)
        with all.part(f"{way} search"):
            daily.search(duty)
        with all.part(f"{way} taking away"):
            daily.takeAway(duty)
        with all.part(f"{way} change of shift"):
            daily.shift(duty, second)
        if width > 600:
            with all.part(f"{way} keyboard"):
                daily.keyboard(duty)
        with all.part(f"{way} resident"):
            all.resident(duty, reviewer, people[index], isUpheld=index % 2 == 0)
        # Wide in one language and narrow in the other; the sweep opens both pages every way.
        if isFirst:
            with all.part(f"{way} transmission"):
                all.transmission(duty, number)
            with all.part(f"{way} leads"):
                all.leads(duty, way)
        with all.part(f"{way} bulletin"):
            all.bulletin(admin, isFirst=isFirst)
        if index == 0:
            with all.part("live"):
                other = all.open(language, width)
                other.context.add_cookies(duty.context.cookies())
                all.live(duty, other, people[-5], "L1")
            with all.part("without scripts"):
                all.plain(duty.context.storage_state(), number)
        if width > 600:
            with all.part(f"{way} questions"):
                daily.questions(duty, people[index])
        with all.part(f"{way} correcting"):
            all.rightAndWithdraw(duty, number)
        with all.part(f"{way} signing out"):
            all.signOut(duty)
        for page in [duty, worker, reviewer, second, admin]:
            page.context.close()
    all.expect("axe looked at the pages", all.rules is not None, "axe-playwright-python is not installed")
    all.expect("something late was struck off", strikes > 0)
    all.expect("contacts waited for a decision", all.waiting > 0)
    all.expect("somebody was moved by two sides", all.moved > 0)
    print(json.dumps({"step": "end", "faults": [], "pages": all.pages}), flush=True)


def main():
    base, file, chromium, part = sys.argv[1:5]
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", open(file).read(), re.M))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        walk(browser, base, links, int(part))
        browser.close()


if __name__ == "__main__":
    main()
