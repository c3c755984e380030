"""The console's daily work by keyboard alone: every stop is seen and none holds what comes to it; the search, a
name, a claim, a filter, a decision, a list that is struck off, and the change of shift."""

VISIBLE_FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "nothing";
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const shade = one.querySelector?.(".shade, circle");
  const drawn = shade ? getComputedStyle(shade).strokeWidth : "0";
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    || parseFloat(drawn) >= 4;
  if (!ring) return `no ring: ${one.outerHTML.slice(0, 90)}`;
  if (box.bottom < 0 || box.top > innerHeight) return `out of sight: ${one.outerHTML.slice(0, 90)}`;
  return "";
}"""

# What the tabulator should stop at, once it is in sight; of boxes of one name that are each other's choice, one.
STOPS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => {
      if (one.disabled || one.type === "hidden" || one.tabIndex < 0) return false;
      if (!one.getClientRects().length || getComputedStyle(one).visibility === "hidden") return false;
      if (one.closest("details:not([open]) > :not(summary)")) return false;
      if (one.type !== "radio") return true;
      const group = `${one.form?.id} ${one.form?.action} ${one.name}`;
      return !groups.has(group) && groups.add(group);
    }).length;
}"""

# Each stop has its own number, so that one that comes twice is known.
NUMBER = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.stops ??= new Map();
  if (!window.stops.has(one)) window.stops.set(one, window.stops.size);
  return window.stops.get(one);
}"""
MOST = 400
MOST_INSIDE = 8


class Keyboard:
    def __init__(self, walk):
        self.walk, self.base = walk, walk.base

    def tabTo(self, page, target):
        """Presses the tabulator until something has the focus."""
        for _ in range(MOST):
            page.keyboard.press("Tab")
            if page.evaluate("(target) => document.activeElement.matches(target)", target):
                return
        raise AssertionError(f"the tabulator never came to {target} on {page.url}")

    def enter(self, page, target):
        """To something that leads to another page, and on to that."""
        self.tabTo(page, target)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def opened(self, page, target):
        """Opens a disclosure, and shuts it, and opens it again."""
        self.tabTo(page, f"{target} > summary")
        for isOpen in [True, False, True]:
            page.keyboard.press("Enter")
            self.walk.expect(f"keyboard: {target} {'opens' if isOpen else 'shuts'}",
                             page.locator(target).evaluate("(one) => one.open") == isOpen)

    # MARK: Stops

    def skip(self, page):
        """The first stop leads past what every page has."""
        page.goto(self.base + "/")
        page.keyboard.press("Tab")
        self.walk.expect("the first stop skips to the content",
                         page.evaluate("document.activeElement.className") == "skip")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        self.walk.expect("and does so", page.evaluate("document.activeElement.closest('main') !== null"))

    def stops(self, page, paths):
        """From the first stop of each page to the last and out again, and one step back."""
        for path in paths:
            page.goto(self.base + path)
            faults, seen, inside = [], [], 0
            for _ in range(MOST):
                page.keyboard.press("Tab")
                number = page.evaluate(NUMBER)
                # A day has stops inside it: its month, its day, its year, its calendar.
                inside = inside + 1 if seen and number == seen[-1] else 0
                if inside > MOST_INSIDE:
                    faults.append(f"held at stop {number}")
                    break
                if inside:
                    continue
                if number is None or number in seen:
                    break
                seen.append(number)
                if len(seen) == 5:
                    page.keyboard.press("Shift+Tab")
                    if page.evaluate(NUMBER) != seen[-2]:
                        faults.append("no way back")
                    page.keyboard.press("Tab")
                fault = page.evaluate(VISIBLE_FOCUS)
                if fault:
                    faults.append(fault)
            wanted = page.evaluate(STOPS)
            if len(seen) < MOST and len(seen) < wanted:
                faults.append(f"{len(seen)} stops of {wanted}")
            if page.evaluate("[...document.querySelectorAll('[tabindex]')].some((one) => one.tabIndex > 0)"):
                faults.append("something jumps the queue")
            self.walk.say(f"keyboard: every stop of {path}", *faults[:3])

    # MARK: Work

    def find(self, page):
        """From the box to somebody's name."""
        page.goto(self.base + "/obligations")
        self.tabTo(page, ".search input")
        page.keyboard.type("zh")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.enter(page, "#found-people tbody a")
        self.tabTo(page, "#reveal-person > summary")
        page.keyboard.press("Enter")
        self.enter(page, "#reveal-person button")
        self.walk.expect("keyboard: a name was opened for a purpose",
                         page.locator("h1 .masked").count() == 0 and "purpose=" in page.url, page.url)

    def narrow(self, page):
        """A list by its filter: the arrows choose, Enter asks; and back again."""
        page.goto(self.base + "/obligations")
        self.tabTo(page, "main select[name=kind]")
        page.keyboard.press("ArrowDown")
        kind = page.evaluate("document.activeElement.value")
        self.enter(page, "main form.filters button")
        self.walk.expect("keyboard: the list is narrowed", kind and f"kind={kind}" in page.url, page.url)
        self.enter(page, "main form.filters a.button")
        self.walk.expect("keyboard: and whole again", "kind=" not in page.url, page.url)
        self.enter(page, ".tabs a[href*='show=soon']")
        self.walk.expect("keyboard: a tab is changed", "show=soon" in page.url, page.url)

    def press(self, page, path, target, step):
        """Something to be pressed on a page, where there is one."""
        page.goto(self.base + path)
        if not page.locator(target).count():
            return False
        self.enter(page, target)
        self.walk.done(page, f"keyboard: {step}")
        return True

    def decide(self, page):
        """A contact with its evidence: confirmed; another case's is opened and rejected with its reason."""
        page.goto(self.base + "/cases")
        cases = [link.get_attribute("href") for link in page.locator("#cases a[href^='/cases/']").all()]
        confirm = "form[action='/do/contacts.confirm'] button.primary"
        for own in cases:
            page.goto(self.base + own)
            if page.locator(confirm).count():
                break
        self.walk.expect("keyboard: a contact waits", page.locator(confirm).count() > 0)
        self.enter(page, confirm)
        self.walk.done(page, "keyboard: a contact confirmed")

    def waive(self, page):
        """An obligation is opened, its disclosure too; a refusal comes back to the field, a reason waives it."""
        page.goto(self.base + "/obligations?kind=restrictions.health")
        self.enter(page, "#obligations h3 a")
        self.opened(page, "#waive")
        self.tabTo(page, "#waive textarea")
        page.keyboard.type("moved to another district")
        self.enter(page, "#waive button.danger")
        self.walk.done(page, "keyboard: waived")

    def officer(self, page):
        """The day of a duty officer."""
        self.skip(page)
        self.stops(page, ["/", "/find", "/day", "/handover", "/capacity", "/design"])
        self.press(page, "/obligations?show=untaken", "form[action='/do/obligations.claim'] button", "claimed")
        self.find(page)
        self.narrow(page)
        self.waive(page)
        self.decide(page)
        self.press(page, "/obligations?show=unstruck", "form[action='/do/obligations.strikeOff'] button",
                   "struck off")

    def coordinator(self, page):
        """The day of a street coordinator: from the wall to what is late, and on to its page; the hand-over. Answers
        where its note is."""
        for path, target in [
            ("/", "main a[href*='show=late']"), ("/obligations?show=late", "main a[href^='/obligations/']"),
            ("/day", "main a[href^='/obligations/']"), ("/zones", "main a[href^='/zones']"),
            ("/home", "main a[href^='/home/']"), ("/referrals", "main a[href^='/referrals']"),
        ]:
            page.goto(self.base + path)
            self.enter(page, target)
            self.walk.check(page, f"by keyboard from {path}")
        self.stops(page, ["/zones", "/home", "/isolation", "/screening", "/offices", "/field"])
        self.press(page, "/referrals?show=unanswered",
                   "main form[action='/do/referrals.accept'] button.primary", "hand-overs accepted")
        page.goto(self.base + "/handover")
        self.tabTo(page, "form[action='/do/handover.give'] textarea")
        page.keyboard.type("3 号楼 2 单元等药，已答应 18 点前送到")
        self.enter(page, "form[action='/do/handover.give'] button")
        self.walk.check(page, "handed over by keyboard")
        self.walk.done(page, "handed over by keyboard")
        self.enter(page, "main table a.row-link")
        return page.url

    def takeOver(self, page, note):
        """The colleague who comes reads the note and signs it."""
        page.goto(note)
        self.enter(page, "form[action='/do/handover.take'] button.primary")
        self.walk.done(page, "keyboard: taken over")
