#!/usr/bin/env python3
"""Pages of a large district: how long the server takes, how much is sent, and when a slow phone can use them.

    run.py serve DENGHUO DATA [--times N]                server time and weight of each kind of page (works on DATA itself)
    run.py phone BASE LINKS CHROMIUM                     the first load on 3G with a fourth of the processor

`serve` signs somebody in who sees the whole district, follows the links from the wall and asks each kind of page N times; what is sent is
counted compressed, with every file that the page names. `phone` needs a running demo with the addresses it printed, and
Playwright; it opens what people carry (round, sampling point, one's own page) and the wall with an empty cache. Prints a
JSON line a page and the goals; ends with 1 when one is missed."""
import argparse
import gzip
import http.client
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request

PAGE_MS, WALL_MS, WEIGHT, INTERACTIVE_MS = 300, 50, 150_000, 3_000
# DevTools' "Fast 3G", the stricter of the two that are called so: bytes a second and the way there and back.
NETWORK = {"offline": False, "downloadThroughput": 1.44e6 / 8, "uploadThroughput": 675e3 / 8, "latency": 562.5}
SLOWER = 4
ACCOUNT, ROLE = "pages", "command_duty"
KNOWN = re.compile(r"/(?:[0-9a-f]{8}-|[A-Za-z]{1,8}-?[0-9]|[0-9a-z]{16,}|case-|[0-9])[^/?]*")
LEFT_OUT = ("/sign-out", "/link", "/do/", "/export", "/api", "/files", "/language", "/proofs")


def tell(**figures):
    print(json.dumps(figures, ensure_ascii=False), flush=True)


class Browser:
    """As much of a browser as the server sees: one connection, one session, compressed answers."""

    def __init__(self, port):
        self.port, self.cookies = port, {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)

    def ask(self, path, method="GET", body=None):
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN", "Sec-Fetch-Site": "same-origin",
                   "Origin": f"http://127.0.0.1:{self.port}",
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        sent = answer.read()
        passed = (time.perf_counter() - begin) * 1_000
        for cookie in answer.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        text = gzip.decompress(sent) if answer.headers.get("Content-Encoding") == "gzip" else sent
        return answer.status, answer.headers.get("Location"), text.decode("utf-8", "replace"), len(sent), passed

    def signIn(self, address):
        path = urllib.parse.urlsplit(address).path
        _, _, text, _, _ = self.ask(path)
        hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', text))
        status, _, _, _, _ = self.ask(path, "POST", urllib.parse.urlencode(hidden))
        if status >= 400:
            raise SystemExit(f"sign-in failed: {status}")


def kind(path):
    """The kind of page behind an address: identifiers and questions do not make another one."""
    parts = urllib.parse.urlsplit(path)
    asked = ",".join(sorted(name for name, _ in urllib.parse.parse_qsl(parts.query)))
    return KNOWN.sub("/*", parts.path) + (f"?{asked}" if asked else "")


def fetched(browser, path, files):
    """How much a file and all that it imports send, by path."""
    if path in files:
        return
    _, _, text, sent, _ = browser.ask(path)
    files[path] = (sent, re.findall(r'(?:from|import)\s*\(?"(/[^"]+\.js)"', text) if path.split("?")[0].endswith(".js") else [])
    for other in files[path][1]:
        fetched(browser, other, files)


def weight(browser, text, sent, files):
    """What the first load of a page sends: itself, every file it names and what those import, compressed."""
    waiting = re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js|svg|webmanifest)[^"]*)"', text)
    counted = set()
    while waiting:
        path = waiting.pop()
        if path not in counted:
            counted.add(path)
            fetched(browser, path, files)
            waiting += files[path][1]
    return sent + sum(files[path][0] for path in counted)


def crawl(browser, most):
    """One page of each kind, by following links from the wall: its kind, address, text and what was sent."""
    found, waiting, seen = 0, ["/"], {"/"}
    while waiting and found < most:
        path = waiting.pop(0)
        status, _, text, sent, _ = browser.ask(path)
        if status != 200 or "<html" not in text[:300]:
            continue
        found += 1
        yield kind(path), path, text, sent
        for link in re.findall(r'href="(/[^"#]*)', text):
            link = link.replace("&amp;", "&")
            if kind(link) not in seen and not link.startswith(LEFT_OUT):
                seen.add(kind(link))
                waiting.append(link)


def sign_in(program, data):
    """The sign-in address of an account that sees the whole district and owes no second factor, as the administrator does."""
    for name, body in (("accounts.open", {"account": ACCOUNT, "title": ACCOUNT}),
                       ("offices.grant", {"account": ACCOUNT, "role": ROLE, "place": "everywhere"})):
        # Another run may have opened it.
        subprocess.run([program, "perform", name, "--json", json.dumps(body), "--data", data], capture_output=True)
    return subprocess.run([program, "link", "--data", data, "--account", ACCOUNT], check=True, text=True,
                          capture_output=True).stdout.strip()


def serve(asked):
    data = pathlib.Path(asked.data)
    link = sign_in(asked.denghuo, data)
    server = subprocess.Popen([asked.denghuo, "serve", "--data", str(data), "--listen", f"127.0.0.1:{asked.port}"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(asked.port, server)
        browser = Browser(asked.port)
        browser.signIn(link)
        files, missed, kinds = {}, [], 0
        for name, path, text, sent in crawl(browser, asked.kinds):
            kinds += 1
            times = sorted(browser.ask(path)[4] for _ in range(asked.times))
            p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
            heavy = weight(browser, text, sent, files)
            goal = WALL_MS if path == "/" else PAGE_MS
            met = p95 <= goal and heavy <= WEIGHT
            tell(page=name, address=path, p50_ms=round(times[len(times) // 2], 1), p95_ms=round(p95, 1), goal_ms=goal,
                 first_load_bytes=heavy, met=met)
            if not met:
                missed.append(name)
        tell(goal="any page", kinds=kinds, missed=missed)
        return kinds > 0 and not missed
    finally:
        server.terminate()
        server.wait(60)


def wait_for(port, server):
    for _ in range(6_000):
        if server.poll() is not None:
            raise RuntimeError("the server ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server does not answer")


PHONE = [("Grid worker (phone)", "/round"), ("Sampling point", "/sampling"), ("A resident in isolation", "/me"),
         ("District duty officer", "/")]
READY = "() => { const t = performance.getEntriesByType('navigation')[0]; return [t.domInteractive, t.domContentLoadedEventEnd, t.loadEventEnd, t.transferSize]; }"


def phone(asked):
    from playwright.sync_api import sync_playwright
    links = dict(re.findall(r"^ *([^:\n]+): (http://\S+)$", pathlib.Path(asked.links).read_text(), re.M))
    missed = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=asked.chromium, args=["--no-sandbox"])
        for role, path in PHONE:
            address = next((links[name] for name in links if role in name), None)
            if not address:
                raise SystemExit(f"no sign-in address of “{role}” in {asked.links}")
            context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}, is_mobile=True,
                                           has_touch=True, service_workers="block")
            page = context.new_page()
            page.goto(address)
            if page.locator("form button").count():
                page.locator("form button").first.click()
                page.wait_for_load_state()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.setCacheDisabled", {"cacheDisabled": True})
            session.send("Network.emulateNetworkConditions", NETWORK)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            times = []
            for _ in range(asked.times):
                page.goto(asked.base + path, wait_until="load")
                times.append(page.evaluate(READY))
            # The slowest of the loads: somebody stands in a stairwell and waits for that one.
            ready = max(max(one[1], one[2]) for one in times)
            tell(page=path, interactive_ms=round(ready), goal_ms=INTERACTIVE_MS, met=ready <= INTERACTIVE_MS)
            if ready > INTERACTIVE_MS:
                missed.append(path)
            context.close()
        chromium.close()
    return not missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    part = commands.add_parser("serve")
    part.add_argument("denghuo")
    part.add_argument("data")
    part.add_argument("--times", type=int, default=30)
    part.add_argument("--kinds", type=int, default=120)
    part.add_argument("--port", type=int, default=8915)
    part = commands.add_parser("phone")
    part.add_argument("base")
    part.add_argument("links")
    part.add_argument("chromium")
    part.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    sys.exit(0 if {"serve": serve, "phone": phone}[asked.command](asked) else 1)


if __name__ == "__main__":
    main()
