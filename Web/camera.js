// Reads a code with the camera, from a picture where the browser gives no camera, or lets it be typed.

import { element, say, windowWith } from "/words.js";

// What is looked at: more would take longer, and a code that fills a third of it is read.
const mostPoints = 800;
const pauseMilliseconds = 120;

/** What a code says: seen by the camera, on a picture, or typed. */
export async function scan(title) {
  const input = element("input");
  input.id = "code-typed";
  input.autocomplete = "off";
  const typed = labelled(say("或输入纸上的编码", "or type the code on the paper"), input);
  const stream = await navigator.mediaDevices?.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } })
    .catch(() => null) ?? null;
  const video = element("video");
  const photo = stream ? null : photographed();
  const { dialog, answer } = windowWith(title, [...(photo?.parts ?? [video]), typed], [
    ["typed", say("确定", "Use it"), "primary"], ["", say("取消", "Cancel")],
  ]);
  try {
    const value = await Promise.race([answer, stream ? seen(video, stream, dialog) : photo.read]);
    return value === "typed" ? input.value.trim() : value || null;
  } finally {
    stream?.getTracks().forEach((track) => track.stop());
    dialog.remove();
  }
}

function labelled(words, input) {
  const field = element("div", undefined, "field");
  const label = element("label", words);
  label.htmlFor = input.id;
  field.append(label, input);
  return field;
}

async function seen(video, stream, dialog) {
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  const read = await reader();
  while (dialog.isConnected) {
    const text = await read(video, video.videoWidth, video.videoHeight);
    if (text) return text;
    await new Promise((done) => setTimeout(done, pauseMilliseconds));
  }
  return null;
}

/** A picture instead of a stream: without https, or where the camera was refused. */
function photographed() {
  const input = element("input");
  Object.assign(input, { id: "code-picture", type: "file", accept: "image/*" });
  input.setAttribute("capture", "environment");
  const said = element("p", undefined, "error");
  said.hidden = true;
  said.setAttribute("role", "alert");
  const read = new Promise((resolve) => {
    input.addEventListener("change", async () => {
      const text = await readPicture(input.files[0]).catch(() => null);
      if (text) return resolve(text);
      said.textContent = say(
        "照片上没有认出编码，请靠近、拍清楚再试，或输入编码。",
        "No code was found on the picture: go closer, hold still and try again, or type the code.");
      said.hidden = false;
      input.value = "";
    });
  });
  return { parts: [labelled(say("拍下编码", "Take a picture of the code"), input), said], read };
}

async function readPicture(file) {
  const picture = await createImageBitmap(file);
  const read = await reader();
  // A bar code counts once it was read twice alike.
  return (await read(picture, picture.width, picture.height)) ?? read(picture, picture.width, picture.height);
}

/** Reads codes from what can be drawn: with the browser's own means where it has them. */
async function reader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? [];
  const own = await ownReader();
  if (!formats.includes("qr_code")) return own;
  const detector = new BarcodeDetector({ formats: ["qr_code", "code_128", "ean_13"].filter((one) => formats.includes(one)) });
  return async (source, width, height) => {
    const codes = await detector.detect(source).catch(() => null);
    return codes ? codes[0]?.rawValue ?? null : own(source, width, height);
  };
}

async function ownReader() {
  const [{ luminance }, { readQRCode }, { readCode128 }] = await Promise.all([
    import("/luminance.js"), import("/qrcode.js"), import("/code128.js"),
  ]);
  const canvas = element("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  let before = null;
  return async (source, width, height) => {
    if (!width || !height) return null;
    const share = Math.min(1, mostPoints / Math.max(width, height));
    [canvas.width, canvas.height] = [Math.round(width * share), Math.round(height * share)];
    drawing.drawImage(source, 0, 0, canvas.width, canvas.height);
    const picture = luminance(drawing.getImageData(0, 0, canvas.width, canvas.height));
    const square = readQRCode(picture);
    if (square) return square;
    // One check digit stands for a bar code: it counts when it is read twice alike.
    const bars = readCode128(picture);
    const isSure = bars !== null && bars === before;
    before = bars;
    return isSure ? bars : null;
  };
}
