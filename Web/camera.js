// Reads a code with the camera where the browser can, else lets it be typed.

import { element, say, windowWith } from "/words.js";

/** What a code says: seen by the camera where the browser reads codes, else typed. */
export async function scan(title) {
  const field = element("div", undefined, "field");
  const label = element("label", say("或输入纸上的编码", "or type the code on the paper"));
  label.htmlFor = "code-typed";
  const input = element("input");
  input.id = "code-typed";
  input.autocomplete = "off";
  field.append(label, input);
  const video = element("video");
  video.muted = true;
  video.playsInline = true;
  const canSee = "BarcodeDetector" in globalThis && navigator.mediaDevices?.getUserMedia;
  const stream = canSee
    ? await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null)
    : null;
  const { dialog, answer } = windowWith(title, stream ? [video, field] : [field], [
    ["typed", say("确定", "Use it"), "primary"], ["", say("取消", "Cancel")],
  ]);
  try {
    const found = stream ? [answer, seen(video, stream, dialog)] : [answer];
    const value = await Promise.race(found);
    return value === "typed" ? input.value.trim() : value || null;
  } finally {
    stream?.getTracks().forEach((track) => track.stop());
    dialog.remove();
  }
}

async function seen(video, stream, dialog) {
  video.srcObject = stream;
  await video.play();
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128", "ean_13"] });
  while (dialog.isConnected) {
    const codes = await detector.detect(video).catch(() => []);
    if (codes.length > 0) return codes[0].rawValue;
    await new Promise((done) => setTimeout(done, 200));
  }
  return null;
}
