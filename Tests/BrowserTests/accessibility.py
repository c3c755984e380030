"""What a page must be for everybody: axe's rules of WCAG 2.2 A and AA, and the weight of a first load."""

import os

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_BYTES = 150_000

RUN = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: rules},
    resultTypes: ["violations"],
    rules: {"target-size": {enabled: true}},
  });
  return found.violations.map((v) => ({
    id: v.id, impact: v.impact, count: v.nodes.length,
    first: v.nodes[0].html.slice(0, 160), why: v.nodes[0].failureSummary.slice(0, 200),
  }));
}"""


def source():
    """The rules' program, from the package that brings it; nothing where it is not installed."""
    try:
        import axe_playwright_python
    except ImportError:
        return None
    path = os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js")
    with open(path, encoding="utf-8") as file:
        return file.read()


def faults(page, program):
    """The serious and critical faults of the page that is shown."""
    # The page's own policy lets no foreign script in; the debugger's door is not the page's.
    page.evaluate(program)
    return [
        f"axe {found['id']} ({found['count']}): {found['first']} {found['why']}"
        for found in page.evaluate(RUN, RULES)
        if found["impact"] in ("serious", "critical")
    ]


def weight(page):
    """How many bytes the page and every file that it needs came to on the line. What a phone fetches afterwards, to
    have its pages without network, is no part of that: the longer a page stays the more of it there is."""
    return page.evaluate(
        """() => [...performance.getEntriesByType("navigation"),
          ...performance.getEntriesByType("resource")]
          .filter((e) => e.initiatorType !== "fetch" && !e.name.endsWith("/live"))
          .reduce((sum, e) => sum + (e.transferSize || e.encodedBodySize || 0), 0)""")
