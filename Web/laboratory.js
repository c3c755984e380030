// A laboratory's own page: makes a key pair, and signs a list on this machine. The private key is read from a
// file that stays here; only the signature goes into the form.

import { hex } from "/seal.js";
import { element, say } from "/words.js";

const zoneHours = 8;
const pkcs8Head = "302e020100300506032b657004220420";
const name = document.querySelector("main .title .note")?.textContent.trim() ?? "";
const list = document.querySelector("#deliver-list form");
const key = document.querySelector("#own-key form");

/** The private key of a file: 64 hexadecimal digits, the seed. */
async function privateKey(file) {
  const seed = (await file.text()).trim();
  if (!/^[0-9a-f]{64}$/i.test(seed)) throw new Error(say("这不是私钥文件（64 位十六进制）", "This is no private key (64 hexadecimal digits)"));
  return crypto.subtle.importKey("pkcs8", hex.bytes(pkcs8Head + seed), "Ed25519", false, ["sign"]);
}

async function signed(text, file) {
  return hex.text(await crypto.subtle.sign("Ed25519", await privateKey(file), new TextEncoder().encode(text)));
}

/** A moment as the district writes it: in China's zone, with whole seconds. */
function moment(written) {
  const text = written.trim().replace(" ", "T").replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)$/, "$1:00");
  const at = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}+0${zoneHours}:00`);
  if (Number.isNaN(at.getTime())) throw new Error(say(`“${written}”不是时间`, `“${written}” is no time`));
  return new Date(at.getTime() + zoneHours * 3_600_000).toISOString().slice(0, 19) + `+0${zoneHours}:00`;
}

const results = { 阴性: "negative", 阳性: "positive", 灰区: "grey", 单靶标: "single_target", 无效: "invalid" };

/** What is signed: what the list is, whose, its number, how many rows, and each row. */
function canonical(sheet, sequence) {
  const lines = sheet.trim().split(/\r?\n/).map((line) => line.split(",").map((cell) => cell.trim().replace(/^"|"$/g, "")));
  const header = lines.shift().map((cell) => cell.toLowerCase());
  const place = (...names) => header.findIndex((cell) => names.includes(cell));
  const [tube, result, at] = [place("tube", "管码", "试管编号"), place("result", "结果", "检测结果"), place("reported_at", "报告时间")];
  if (Math.min(tube, result, at) < 0) throw new Error(say("首行须有 tube,result,reported_at", "The first row names tube,result,reported_at"));
  const rows = lines.filter((cells) => cells.some(Boolean))
    .map((cells) => `${cells[tube]},${results[cells[result]] ?? cells[result]},${moment(cells[at])}`);
  return ["denghuo-results-1", name, String(sequence), String(rows.length), ...rows].join("\n") + "\n";
}

function keyFile(id, words) {
  const box = element("div", undefined, "field");
  const label = element("label", words);
  label.htmlFor = id;
  const input = element("input");
  Object.assign(input, { type: "file", id });
  const said = element("p", undefined, "hint");
  said.setAttribute("role", "status");
  box.append(label, input, said);
  return { box, input, said };
}

/** Signs when a key is chosen; what is wrong is said beside it. */
function signing(form, id, words, text) {
  const { box, input, said } = keyFile(id, words);
  input.addEventListener("change", async () => {
    try {
      form.elements.signature.value = await signed(text(), input.files[0]);
      said.textContent = say("已在本机签名", "Signed on this machine");
    } catch (failure) {
      said.textContent = failure.message || say("无法签名", "It cannot be signed");
    }
    input.value = "";
  });
  form.elements.signature.closest(".field").after(box);
}

function sheetFile() {
  const { box, input, said } = keyFile("sheet-file", say("或读入文件（CSV）", "Or read it from a file (CSV)"));
  input.accept = ".csv,.txt,text/csv,text/plain";
  input.addEventListener("change", async () => {
    if (!input.files[0]) return;
    list.elements.sheet.value = await input.files[0].text();
    said.textContent = say("已读入", "Read");
  });
  list.elements.sheet.closest(".field").after(box);
}

/** Makes a pair: the private half is saved as a file here, the public one goes into the form. */
function making() {
  const button = element("button", say("在本机生成一对密钥", "Make a pair of keys on this machine"));
  button.type = "button";
  const said = element("p", undefined, "hint");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
      const whole = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
      const link = element("a");
      link.href = URL.createObjectURL(new Blob([`${hex.text(whole.slice(-32))}\n`], { type: "text/plain" }));
      link.download = `${name}-private-key.txt`;
      link.click();
      URL.revokeObjectURL(link.href);
      key.elements.key.value = hex.text(await crypto.subtle.exportKey("raw", pair.publicKey));
      said.textContent = say("私钥已存为文件，请妥善保管；再登记公钥", "The private key is saved as a file: keep it well, then register the public one");
    } catch {
      said.textContent = say("这个浏览器不能生成密钥；请用别的程序生成", "This browser makes no keys; make them with another program");
    }
  });
  key.prepend(button, said);
}

if (globalThis.crypto?.subtle) {
  if (list) {
    sheetFile();
    signing(list, "list-key", say("用私钥文件签名", "Sign with a private key from a file"),
      () => canonical(list.elements.sheet.value, Number(list.elements.sequence.value)));
  }
  if (key) {
    making();
    if (key.elements.signature) {
      signing(key, "change-key", say("用原私钥文件签名", "Sign with the private key before"),
        () => `denghuo-laboratory-key-1\n${name}\n${key.elements.key.value.trim().toLowerCase()}\n`);
    }
  }
}
