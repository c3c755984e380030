// What a phone adds to a proof: a photograph, a signature, the code of a slip. Each is an entry of
// the queue of its own, kept at once, so that nothing is lost between the picture and the button.

import { scan } from "/camera.js";
import { queue } from "/queue.js";
import { hex } from "/seal.js";
import { element, say, windowWith } from "/words.js";

const photoEdge = 1_280;
const photoBytes = 280_000;
const qualities = [0.8, 0.65, 0.5, 0.35];

/** Adds the ways of proving below the forms of each obligation at a door. */
export function describe(root) {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return;
  for (const door of root.querySelectorAll("main .door")) {
    const seen = new Set();
    for (const form of [...door.querySelectorAll("form")].reverse()) {
      const subject = form.querySelector("input[name=obligation]")?.value;
      if (!subject || seen.has(subject)) continue;
      seen.add(subject);
      if (document.getElementById(`more-${subject}`)) continue;
      (form.closest("details") ?? form).after(ways(subject, door));
    }
  }
}

function ways(subject, door) {
  const details = element("details");
  details.id = `more-${subject}`;
  const summary = element("summary", say("凭证", "Proof"));
  const row = element("div", undefined, "row");
  const said = element("p", undefined, "note");
  said.setAttribute("role", "status");
  const put = async (what, name, command) => {
    const who = `${door.querySelector(".number")?.textContent ?? ""} ${door.querySelector(".who")?.textContent ?? ""}`.trim();
    await queue.put({ name, command: { obligation: subject, ...command, takenAt: new Date().toISOString() }, subject, words: `${who} · ${what}` });
    said.textContent = say(`${what}已存`, `${what} stored`);
  };
  const act = (label, body) => {
    const button = element("button", label);
    button.type = "button";
    button.addEventListener("click", () => body().catch((failure) => {
      said.textContent = failure?.message === "locked" || !failure?.said
        ? say("没有存下，请再试", "Not stored; try again") : failure.said;
    }));
    row.append(button);
  };
  act(say("拍照", "Photograph"), async () => {
    const picture = await photograph();
    if (picture) await put(say("照片", "Photograph"), "proofs.attach", { kind: "photo", picture });
  });
  act(say("签名", "Signature"), async () => {
    const picture = await signature();
    if (picture) await put(say("签名", "Signature"), "proofs.attach", { kind: "signature", picture });
  });
  act(say("扫凭条", "Scan the slip"), async () => {
    const secret = slipSecret(await scan(say("对准居民凭条上的二维码", "Point at the code on the resident’s slip")));
    if (!secret) return;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
    await put(say("凭条", "Slip"), "proofs.slip", { fingerprint: hex.text(digest) });
  });
  details.append(summary, row, said);
  return details;
}

// MARK: Photographs

function photograph() {
  return new Promise((resolve, reject) => {
    const input = element("input");
    input.type = "file";
    input.accept = "image/*";
    input.setAttribute("capture", "environment");
    input.addEventListener("cancel", () => resolve(null));
    input.addEventListener("change", () => {
      const file = input.files[0];
      if (file) small(file).then(resolve, reject);
      else resolve(null);
    });
    input.click();
  });
}

/** Scaled down and written anew, which also leaves out where and with what it was taken. */
async function small(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  let edge = photoEdge;
  for (;;) {
    const scale = Math.min(1, edge / Math.max(image.width, image.height));
    const canvas = element("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    for (const quality of qualities) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= photoBytes) return base64(blob);
    }
    edge = Math.round(edge / 2);
    if (edge < 100) throw new Error("picture");
  }
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

// MARK: Signatures and codes

/** A stroke of the finger on white, as a small picture; nothing when it was not signed. */
async function signature() {
  const canvas = element("canvas");
  canvas.width = 600;
  canvas.height = 260;
  canvas.setAttribute("aria-label", say("在这里签名", "Sign here"));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  let strokes = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    strokes += 1;
  });
  const { answer } = windowWith(say("请本人签名", "Sign with a finger"), [canvas], [
    ["keep", say("存下", "Keep"), "primary"], ["", say("取消", "Cancel")],
  ]);
  if ((await answer) !== "keep" || strokes === 0) return null;
  return base64(await new Promise((done) => canvas.toBlob(done, "image/png")));
}

/** The secret on a slip: its address, or the code alone. */
export function slipSecret(text) {
  if (!text) return null;
  const found = /\/s\/([0-9a-f]{32,})/i.exec(text) ?? /^([0-9a-f]{32,})$/i.exec(text.trim());
  return found?.[1] ?? null;
}

/** The page that the code at a door or a building opens, on this district only. */
export function doorAddress(text) {
  try {
    const address = new URL(text, location.origin);
    return address.pathname === "/round" ? address.pathname + address.search : null;
  } catch {
    return null;
  }
}
