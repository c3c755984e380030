"""Codes as a camera sees them: a resident's code held before a camera that plays a picture, with the server
there and gone, on a picture where there is no camera, every version of QR code, and a tube's bars. Part of
passes.py."""

import base64
import tempfile

import qrcode

WIDTH, HEIGHT = 640, 480
# Code 128 of T0000001F, dark and light in turns, as another program writes it (python-barcode).
TUBE = "T0000001F"
BARS = [
    2, 1, 1, 2, 1, 4, 2, 1, 3, 3, 1, 1, 1, 1, 3, 1, 4, 1, 2, 1, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 1, 2, 2, 2,
    2, 1, 1, 4, 1, 3, 1, 1, 2, 3, 2, 2, 1, 1, 3, 2, 3, 1, 1, 1, 3, 2, 3, 1, 1, 2, 3, 3, 1, 1, 1, 2]

# A picture as a hand holds it: askew, in half a shadow, on a grey table.
HELD = """async ({ picture, width, height }) => {
  const image = Object.assign(new Image(), { src: picture });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#999";
  pen.fillRect(0, 0, width, height);
  pen.translate(width / 2, height / 2);
  pen.transform(1, 0.1, -0.14, 0.95, 0, 0);
  const side = Math.min(width, height) * 0.72;
  pen.fillStyle = "#fff";
  pen.fillRect(-side / 2 - 20, -side / 2 - 20, side + 40, side + 40);
  pen.drawImage(image, -side / 2, -side / 2, side, side);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  const shadow = pen.createLinearGradient(0, 0, width, 0);
  shadow.addColorStop(0, "#0000");
  shadow.addColorStop(1, "#0009");
  pen.fillStyle = shadow;
  pen.fillRect(0, 0, width, height);
  const { data } = pen.getImageData(0, 0, width, height);
  let light = "";
  for (let at = 0; at < data.length; at += 4) light += String.fromCharCode((data[at] + data[at + 1] + data[at + 2]) / 3);
  return [btoa(light), canvas.toDataURL("image/png").split(",")[1]];
}"""

# What the page's own reader makes of modules, drawn small and askew.
READ = """async (codes) => {
  const [{ luminance }, { readQRCode }] = await Promise.all([import("/luminance.js"), import("/qrcode.js")]);
  const faults = [];
  for (const { name, text, rows } of codes) {
    const [side, module] = [rows.length, 4];
    const size = Math.ceil(side * module * 1.25);
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#eee";
    pen.fillRect(0, 0, size, size);
    pen.translate(size / 2, size / 2);
    pen.rotate(0.09);
    pen.translate(-side * module / 2, -side * module / 2);
    pen.fillStyle = "#222";
    rows.forEach((row, y) => [...row].forEach((dark, x) => dark === "1" && pen.fillRect(x * module, y * module, module + 0.5, module + 0.5)));
    const found = readQRCode(luminance(pen.getImageData(0, 0, size, size)));
    if (found !== text) faults.push(`${name}: ${found === null ? "not read" : "read wrong"}`);
  }
  return faults;
}"""

READ_BARS = """async ({ bars, askew }) => {
  const [{ luminance }, { readCode128 }] = await Promise.all([import("/luminance.js"), import("/code128.js")]);
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ddd";
  pen.fillRect(0, 0, 640, 480);
  pen.translate(320, 240);
  pen.rotate(askew);
  pen.fillStyle = "#222";
  const module = 400 / bars.reduce((sum, bar) => sum + bar);
  let at = -200;
  bars.forEach((bar, place) => {
    if (place % 2 === 0) pen.fillRect(at, -60, bar * module, 120);
    at += bar * module;
  });
  pen.setTransform(1, 0, 0, 1, 0, 0);
  return readCode128(luminance(pen.getImageData(0, 0, 640, 480)));
}"""


def film(light):
    """A file that Chromium's camera plays: two grey pictures, for ever."""
    file = tempfile.NamedTemporaryFile(suffix=".y4m")
    frame = b"FRAME\n" + light + bytes([128]) * (WIDTH * HEIGHT // 2)
    file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    file.flush()
    return file


def codes():
    """Each version with each strength, full to the brim, as the PyPI package qrcode writes them."""
    strengths = dict(L=qrcode.ERROR_CORRECT_L, M=qrcode.ERROR_CORRECT_M, Q=qrcode.ERROR_CORRECT_Q, H=qrcode.ERROR_CORRECT_H)
    for version in range(1, 41):
        for name, strength in strengths.items():
            most = qrcode.util.BIT_LIMIT_TABLE[strength][version] // 8 - 3
            text = ("灯火 " + "abcdefghijklmnopqrstuvwxyz0123456789/:" * 90).encode()[:most].decode()
            code = qrcode.QRCode(version=version, error_correction=strength, border=4)
            code.add_data(qrcode.util.QRData(text.encode(), mode=qrcode.util.MODE_8BIT_BYTE))
            code.make(fit=False)
            rows = ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]
            yield {"name": f"{version}-{name}", "text": text, "rows": rows}


class Camera:
    def __init__(self, passes, play, chromium):
        self.passes, self.play, self.chromium = passes, play, chromium

    def run(self, green):
        """The reader by itself, then as people use it."""
        self.reads()
        phone = self.passes.enter(green, "en", 390)
        phone.goto(self.passes.base + "/me/code")
        phone.wait_for_selector("#passes svg.qr")
        shot = phone.locator("#passes svg.qr").first.screenshot()
        light, picture = phone.evaluate(
            HELD, {"picture": "data:image/png;base64," + base64.b64encode(shot).decode(), "width": WIDTH, "height": HEIGHT})
        phone.context.close()
        self.seen(base64.b64decode(light))
        self.photographed(base64.b64decode(picture))

    def reads(self):
        page = self.passes.open("en", 390)
        page.goto(self.passes.base + "/verify")
        self.passes.say("every version and strength of QR code is read", *page.evaluate(READ, list(codes())))
        for askew in (0, 0.1, -0.12, 3.14, 1.57):
            found = page.evaluate(READ_BARS, {"bars": BARS, "askew": askew})
            self.passes.expect(f"a tube's bars are read, turned by {askew}", found == TUBE, str(found))
        page.context.close()

    def seen(self, light):
        """Held before a camera: checked with the server, and with its door shut."""
        passes = self.passes
        with film(light) as file:
            browser = self.play.chromium.launch(executable_path=self.chromium, args=[
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                f"--use-file-for-fake-video-capture={file.name}"])
            gate = browser.new_context(locale="en", viewport={"width": 390, "height": 844}, permissions=["camera"]).new_page()
            for isThere in (True, False):
                gate.goto(passes.base + "/verify")
                gate.wait_for_selector("html[data-ready]")
                gate.click("#verify-scan")
                gate.wait_for_function(
                    "() => document.getElementById('verify-result').textContent.includes('Green code')", timeout=20_000)
                said = "with" if isThere else "without"
                passes.expect(f"a code is seen by the camera {said} the server", gate.locator("dialog").count() == 0)
                if isThere:
                    gate.wait_for_function("() => navigator.serviceWorker.controller !== null")
                    passes.door.shut()
            browser.close()
        passes.door.listen(passes.door.port)

    def photographed(self, picture):
        """Without a camera a picture is taken; one without a code says so and loses nothing."""
        gate = self.passes.open("en", 390)
        gate.goto(self.passes.base + "/verify")
        gate.wait_for_selector("html[data-ready]")
        blank = gate.evaluate("""() => new Promise((done) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 300 });
          done(canvas.toDataURL("image/png").split(",")[1]);
        })""")
        gate.click("#verify-scan")
        gate.set_input_files("#code-picture", {"name": "a.png", "mimeType": "image/png", "buffer": base64.b64decode(blank)})
        gate.wait_for_selector("dialog .error:not([hidden])")
        self.passes.picture(gate, "no code on the picture")
        gate.set_input_files("#code-picture", {"name": "b.png", "mimeType": "image/png", "buffer": picture})
        gate.wait_for_function("() => document.getElementById('verify-result').textContent.includes('Green code')")
        self.passes.expect("a code is read on a picture", gate.locator("dialog").count() == 0)
        gate.context.close()
