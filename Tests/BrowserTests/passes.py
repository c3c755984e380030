"""Pass codes as people show and check them: a green and a red code in both languages and widths, the code
shown again and checked on another phone with no request to the server, and then with the server stopped,
in another language and after a correction, the test vectors checked by the browser's own module, and codes
as a camera sees them (camera.py).

Usage: passes.py DATA LINKS CHROMIUM [PICTURES]

Each line is {"step": …, "faults": […]}; the last one is {"step": "end", "faults": [], "pages": n}.
"""

import json
import os
import pathlib
import re
import socket
import sys
import threading
import urllib.request
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from browse import Browse
from camera import Camera

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "docs/formats/pass-vectors.json"
WAYS = [("en", 390), ("zh-CN", 390), ("en", 1440), ("zh-CN", 1440)]
GREEN, RED, VENUE = "A resident whose code is green", "A resident in isolation", "The screen of a shop"

CHECK_VECTORS = """async (vectors) => {
  const { canCheck, check, readList, unhex } = await import("/passcode.js");
  if (!await canCheck()) return ["this browser has no Ed25519"];
  const list = await readList(unhex(vectors.list), vectors.keys);
  if (!list) return ["the list is not taken"];
  if (await readList(unhex(vectors.foreign_list), vectors.keys)) return ["a stranger's list is taken"];
  const faults = [];
  for (const { name, text, verdict } of vectors.cases) {
    const found = await check(text, { ...vectors, list }, vectors.now);
    if (found.verdict !== verdict) faults.push(`${name}: ${found.verdict} instead of ${verdict}`);
  }
  return faults;
}"""


class Door:
    """Stands before the server: counts what reaches it, and can be shut as if it had stopped."""

    def __init__(self, base):
        server = urlsplit(base)
        self.target = (server.hostname, server.port)
        self.asked, self.open, self.isShut = 0, set(), False
        # Files that this door gives otherwise than the server: what is done to each, by its address.
        self.changes = {}
        self.lock = threading.Lock()
        self.listen()

    def listen(self, port=0):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(256)
        self.port = self.socket.getsockname()[1]
        self.isShut = False
        threading.Thread(target=self.take, args=(self.socket,), daemon=True).start()

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def take(self, listener):
        while True:
            try:
                client, _ = listener.accept()
                server = socket.create_connection(self.target)
            except OSError:
                return
            self.open |= {client, server}
            threading.Thread(target=self.carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, False), daemon=True).start()

    def carry(self, giver, taker, isAsking):
        try:
            while data := giver.recv(65_536):
                if isAsking:
                    with self.lock:
                        self.asked += 1
                    asked = re.match(rb"GET (\S+) ", data)
                    change = self.changes.get(asked[1].decode()) if asked else None
                    if change:
                        giver.sendall(self.changed(asked[1].decode(), change))
                        break
                taker.sendall(data)
        except OSError:
            pass
        for side in (giver, taker):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def changed(self, path, change):
        """A file with something done to it; without anything to do, that it is not to be had."""
        if change == "unavailable":
            return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        with urllib.request.urlopen(f"http://{self.target[0]}:{self.target[1]}{path}") as answer:
            body = change(answer.read())
            kind = answer.headers["Content-Type"]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nCache-Control: no-cache\r\n" \
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        return head.encode() + body

    def shut(self):
        self.isShut = True
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for side in list(self.open):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open.clear()


class Passes(Browse):
    def __init__(self, browser, door, links, pictures):
        super().__init__(browser, door.base, links)
        self.door = door
        self.pictures = pictures

    def picture(self, page, name):
        if self.pictures:
            plain = re.sub(r"\W+", "-", name).strip("-")[:60]
            page.screenshot(path=os.path.join(self.pictures, f"{plain}-{page.language}-{page.width}.png"), full_page=True)

    def check(self, page, step, status=200):
        super().check(page, step, status)
        self.picture(page, step)

    def enter(self, who, language, width):
        page = self.open(language, width)
        self.arrive(page, who)
        return page

    def arrive(self, page, who):
        """Opens a slip, which leads on to the resident's page by itself."""
        page.goto(self.links[who])
        page.wait_for_url("**/me")
        page.wait_for_load_state()

    def code(self, page):
        return page.inner_text(".pass details .typed", timeout=5_000).replace(" ", "").strip()

    def shown(self):
        """Every code in both languages and widths, and what stands beside it."""
        for language, width in WAYS:
            with self.part(f"codes {language} {width}"):
                page = self.enter(GREEN, language, width)
                self.check(page, "my page")
                page.click("a[href='/me/code']")
                page.wait_for_selector("#passes svg.qr")
                self.check(page, "a green code")
                green = page.inner_text("#passes")
                self.expect("green is said in words", ("Green code" if language == "en" else "绿码") in green, green)
                self.expect("a child's code is on the phone", page.locator(".pass").count() >= 2, green)
                page.context.close()
                page = self.enter(RED, language, width)
                page.goto(self.base + "/me/code")
                page.wait_for_selector("#passes svg.qr")
                self.check(page, "a red code")
                red = page.inner_text("#passes")
                wanted = ["Red code", "Why", "Rule", "Office", "Until", "Disagree"] if language == "en" \
                    else ["红码", "原因", "依据", "负责单位", "到何时", "不同意"]
                self.expect("red is explained", all(word in red for word in wanted), red)
                page.context.close()
                page = self.open(language, width)
                page.goto(self.base + "/verify")
                page.wait_for_selector("html[data-ready]")
                self.check(page, "the verifier")
                page.goto(self.links[VENUE])
                page.wait_for_selector("#venue-screen svg.qr:not([hidden])")
                self.check(page, "a venue's screen")
                page.context.close()

    def offline(self):
        """The code again, and its check, with no request; then with the server's door shut."""
        phone = self.enter(GREEN, "en", 390)
        phone.goto(self.base + "/me/code")
        phone.wait_for_selector("#passes svg.qr")
        phone.wait_for_function("() => document.getElementById('pass-said').textContent.includes('Stored')")
        gate = self.open("zh-CN", 390)
        gate.goto(self.base + "/verify")
        gate.wait_for_selector("html[data-ready]")
        red = self.enter(RED, "en", 390)
        red.goto(self.base + "/me/code")
        red.wait_for_selector("#passes svg.qr")
        code, redCode = self.code_of(phone), self.code_of(red)
        before = self.door.asked
        for _ in range(3):
            phone.goto(self.base + "/me/code")
            phone.wait_for_selector("#passes svg.qr")
        self.verify(gate, code, "绿码")
        asked = self.door.asked - before
        self.expect("showing it three times and checking it asks the server nothing", asked == 0, f"{asked} requests")
        self.door.shut()
        phone.goto(self.base + "/me/code")
        phone.wait_for_selector("#passes svg.qr")
        self.picture(phone, "a code with the server stopped")
        self.expect("the code is shown with the server stopped", self.code_of(phone) == code)
        self.expect("it is drawn as with one", phone.locator("svg.qr path.dark").first.is_visible())
        gate.goto(self.base + "/verify")
        gate.wait_for_selector("html[data-ready]")
        self.verify(gate, code, "绿码")
        self.picture(gate, "a green code checked")
        self.verify(gate, redCode, "红码")
        self.picture(gate, "a red code checked")
        flipped = code[:40] + ("7" if code[40] != "7" else "8") + code[41:]
        self.verify(gate, flipped, "错了字")
        self.verify(gate, "DH1ABC", "错了字")
        self.verify(gate, "https://example.org", "不是健康码")
        self.picture(gate, "something else checked")
        self.door.listen(self.door.port)
        red.context.close()
        # Another slip on the same phone: nothing of the first person stays.
        self.arrive(phone, RED)
        phone.goto(self.base + "/me/code")
        phone.wait_for_selector("#passes[data-green='0']")
        self.expect("another slip shows another code", "Red code" in phone.inner_text("#passes"))

    def languages(self):
        """Another language, chosen on the verifier or elsewhere, costs nobody the verifier."""
        phone = self.enter(GREEN, "en", 390)
        phone.goto(self.base + "/me/code")
        phone.wait_for_selector("#passes svg.qr")
        code = self.code_of(phone)
        phone.context.close()
        gate = self.open("zh-CN", 390)
        self.ready(gate, "/verify")
        # What keeps the verifier is installed beside the first page, which does not wait for it.
        gate.wait_for_function("() => navigator.serviceWorker.controller !== null")
        # Chosen on the page itself: the new language is there without network.
        self.ready(gate, "/verify?language=en")
        self.expect("the verifier is in English", "Check a pass code" in gate.inner_text("h1"))
        self.door.shut()
        self.ready(gate, "/verify")
        self.expect("it stays in English without network", "Check a pass code" in gate.inner_text("h1"))
        self.verify(gate, code, "Green code")
        self.picture(gate, "the verifier in the other language without network")
        self.door.listen(self.door.port)
        # Chosen elsewhere, and the network gone before the verifier was opened again: the former one is there.
        gate.goto(self.base + "/sign-in?language=zh-Hans")
        gate.wait_for_load_state()
        self.door.shut()
        self.ready(gate, "/verify")
        self.verify(gate, code, "Green code")
        self.door.listen(self.door.port)
        self.ready(gate, "/verify")
        self.expect("the network brings the other language", "核验健康码" in gate.inner_text("h1"))
        self.door.shut()
        self.ready(gate, "/verify")
        self.verify(gate, code, "绿码")
        self.door.listen(self.door.port)
        gate.context.close()

    def corrected(self):
        """A corrected verifier comes to those who have the former one stored; field phones go on without it."""
        gate = self.open("en", 390)
        self.ready(gate, "/verify")
        self.expect("the server names its files", "@files@" not in gate.evaluate("fetch('/worker.js').then((answer) => answer.text())"))
        mark = b"\ndocument.documentElement.dataset.corrected = '1';\n"
        self.door.changes = {
            "/verify.js": lambda text: text + mark,
            "/worker.js": lambda text: re.sub(rb'const version = "\w+"', b'const version = "corrected"', text),
        }
        gate.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
        gate.wait_for_function("() => caches.keys().then((names) => names.filter((name) => name.includes('shell')).join() === 'denghuo-shell-corrected')")
        gate.wait_for_function("() => navigator.serviceWorker.getRegistration().then((found) => found.active?.state === 'activated' && !found.installing && !found.waiting)")
        # The browser may give the page the script of the page before once more.
        for _ in range(2):
            self.ready(gate, "/verify")
        gate.wait_for_selector("html[data-corrected='1']")
        self.door.shut()
        self.ready(gate, "/verify")
        self.expect("the corrected one is stored", gate.locator("html[data-corrected='1']").count() == 1)
        self.door.listen(self.door.port)
        self.door.changes = {"/verify": "unavailable"}
        field = self.open("en", 390)
        field.goto(self.base + "/sign-in")
        state = field.evaluate("""async () => {
          await navigator.serviceWorker.register("/worker.js");
          const found = await Promise.race([
            navigator.serviceWorker.ready, new Promise((done) => setTimeout(done, 10_000))]);
          return found?.active ? "installed" : "not installed";
        }""")
        self.expect("a verifier that is not to be had keeps no phone from its shell", state == "installed", state)
        self.door.changes = {}
        for page in (gate, field):
            page.context.close()

    def ready(self, page, path):
        page.goto(self.base + path)
        page.wait_for_selector("html[data-ready]")

    def scan(self):
        """A resident scans the code on the shop's screen and is registered."""
        phone = self.enter(GREEN, "zh-CN", 390)
        key = self.links[VENUE].rsplit("/", 1)[1]
        steps = phone.evaluate(
            "async (key) => (await (await fetch(`/api/queries/venues.screen?key=${key}`)).json()).steps", key)
        phone.goto(f"{self.base}/v/{steps[0]['code']}")
        self.check(phone, "the code of a shop is scanned")
        with phone.expect_navigation():
            phone.click("main button.primary")
        phone.wait_for_load_state()
        text = phone.inner_text("main")
        self.check(phone, "registered at the shop")
        self.expect("the page says that it is registered", "已登记" in text and "当时的码" in text, text)
        real = steps[0]["code"]
        phone.goto(f"{self.base}/v/{real[:-1]}{'1' if real[-1] == '0' else '0'}")
        self.expect("a made-up code is refused", "不能登记" in phone.inner_text("main"))

    def code_of(self, page):
        return page.locator(".pass details .typed").first.evaluate("e => e.textContent").replace(" ", "").strip()

    def verify(self, page, code, wanted):
        page.fill("#verify-code", code)
        page.click("#verify-form button:not([type=button])")
        page.wait_for_function(
            "wanted => document.getElementById('verify-result').textContent.includes(wanted)", arg=wanted)
        self.expect(f"the verifier says {wanted}", True)

    def vectors(self):
        page = self.open("en", 1440)
        page.goto(self.base + "/verify")
        faults = page.evaluate(CHECK_VECTORS, json.loads(VECTORS.read_text(encoding="utf-8")))
        self.say("the browser's module gives every vector its verdict", *faults)

    def run(self, camera):
        self.vectors()
        self.shown()
        self.scan()
        self.offline()
        self.languages()
        self.corrected()
        camera(self).run(GREEN)
        print(json.dumps({"step": "end", "faults": [], "pages": self.pages}), flush=True)


def main():
    base, links, chromium = sys.argv[1:4]
    pictures = sys.argv[4] if len(sys.argv) > 4 else None
    with open(links, encoding="utf-8") as file:
        known = dict(re.findall(r"^  (.*?): (http\S+)$", file.read(), re.M))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium)
        door = Door(base)
        here = {who: link.replace(base, door.base) for who, link in known.items()}
        Passes(browser, door, here, pictures).run(lambda passes: Camera(passes, play, chromium))
        browser.close()


main()
