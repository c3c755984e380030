// The page at a gate: checks codes on this device, with the district’s public keys and a short list of
// what was revoked, both stored here. Nothing about whom it checks leaves it, nor is kept.

import { scan } from "/camera.js";
import { age, canCheck, check, readList, unhex } from "/passcode.js";
import { clock, dayClock, element, say } from "/words.js";

const cacheName = "denghuo-verify-1";
const sources = { keys: "/api/queries/passes.keys", list: "/api/queries/passes.revoked" };
const isChinese = document.documentElement.lang.startsWith("zh");
const tell = (words) => (isChinese ? words.zh : words.en);
const part = (id) => document.getElementById(id);
const now = () => Math.floor(Date.now() / 1_000);

let known = null;
let list = null;
// How many of the oldest the list had no room for.
let leftOut = 0;
let isAble = false;

// MARK: What it knows

async function stored(address) {
  const answer = await (await caches.open(cacheName)).match(address);
  return answer ? answer.json() : null;
}

async function fetchAnew() {
  const cache = await caches.open(cacheName);
  const answers = [];
  for (const address of Object.values(sources)) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error("refused");
    answers.push([address, answer]);
  }
  for (const [address, answer] of answers) await cache.put(address, answer);
  // The page itself, too, whose words may have been put right.
  const page = await fetch("/verify", { headers: { Accept: "text/html" } }).catch(() => null);
  if (page?.ok && !page.redirected) await cache.put("/verify", page);
}

async function load() {
  known = await stored(sources.keys);
  const answer = await stored(sources.list);
  list = known && answer && isAble ? await readList(unhex(answer.list), known.keys) : null;
  leftOut = answer?.left_out ?? 0;
  describe();
}

/** Fetches the list as often as the policy says, while there is a network. */
async function update() {
  try {
    await fetchAnew();
  } catch {
    // What is stored stays; its age is said.
  }
  await load();
}

function describe() {
  const state = part("verify-state");
  const about = part("verify-list");
  if (!known) {
    state.textContent = say("还没有核验公钥，请先联网打开一次。", "No keys are stored yet. Open this page once with a network.");
    about.textContent = "";
    return;
  }
  if (!known.used) {
    state.textContent = say("按现行政策已不使用健康码，请直接放行。", "Under the policy in force no codes are used. Let people pass.");
  } else if (!isAble) {
    state.textContent = say(
      "这个浏览器不能在本机核验签名：每次核验都要联网，由服务器代为核验。",
      "This browser cannot check signatures itself: each check takes a network and is done by the server.");
  } else {
    state.textContent = say("可以核验，没有网络也行。", "Ready to check, without network too.");
  }
  about.textContent = list
    ? say(
      `作废名单：${number(list.entries.size)} 条，${size(list.bytes)}，${dayClock(list.made * 1_000)} 生成。`,
      `Revoked codes: ${number(list.entries.size)}, ${size(list.bytes)}, made ${dayClock(list.made * 1_000)}.`)
    : say("还没有作废名单。", "There is no list of revoked codes yet.");
  if (list && leftOut) about.append(` ${cut()}`);
}

const cut = () => say(
  `名单太长，最早的 ${leftOut} 条没有列入；拿不准的请联网核验。`,
  `The list is too long: the oldest ${leftOut} entries are left out. When in doubt, check with a network.`);

const number = (count) => count.toLocaleString("en");

const size = (bytes) => (bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`);

/** What an old list means for the person at the gate. */
function warning() {
  if (!isAble) return null;
  switch (age(list, known, now())) {
    case "fresh": return leftOut ? cut() : null;
    case "aging": return say(`作废名单是 ${clock(list.made * 1_000)} 的，之后作废的码认不出来。`, `The list is of ${clock(list.made * 1_000)}; what was revoked since is not known here.`);
    case "too_old": return say(`作废名单太旧（${dayClock(list.made * 1_000)}），这个结论不可靠，请联网更新后再核验。`, `The list is too old (${dayClock(list.made * 1_000)}): do not rely on this. Update it with a network and check again.`);
    default: return say("没有作废名单，这个结论不可靠，请联网更新后再核验。", "There is no list of revoked codes: do not rely on this. Update it with a network and check again.");
  }
}

// MARK: Checking

async function verify(text) {
  if (!text.trim()) return;
  const box = part("verify-result");
  let result;
  if (isAble && known) {
    result = await check(text, { ...known, list }, now());
  } else {
    try {
      const answer = await fetch("/api/queries/passes.check", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code: text }),
      });
      const said = await answer.json();
      if (!answer.ok) throw new Error("refused");
      const seconds = (moment) => (moment ? Date.parse(moment) / 1_000 : null);
      result = {
        verdict: said.verdict, words: said.words,
        code: said.colour && { ...said, from: seconds(said.from), until: seconds(said.until) },
      };
    } catch {
      show(box, "soon", say("没有核验", "Not checked"), [say(
        "没有网络，而这个浏览器不能在本机核验。请换一台手机，或记下编码稍后核验。",
        "There is no network, and this browser cannot check by itself. Use another phone.")]);
      return;
    }
  }
  part("verify-code").value = "";
  present(box, result);
}

function present(box, { verdict, words, code }) {
  const sentence = words ?? known?.verdicts?.[verdict];
  if (verdict !== "valid") {
    show(box, "late", say("不予采信", "Not accepted"), [sentence ? tell(sentence) : verdict]);
    return;
  }
  const { words: name, asks } = known.colours[code.colour];
  const shape = { green: "●", yellow: "▲", red: "■" }[code.colour];
  const lines = [
    tell(asks),
    say(`有效至 ${dayClock(code.until * 1_000)}`, `valid until ${dayClock(code.until * 1_000)}`),
    code.document
      ? say(`请比对证件尾号：${code.document}`, `Compare the document: it ends in ${code.document}`)
      : say("没有登记证件号，请核对同行的人。", "No document on file; ask whoever is with them."),
  ];
  if (code.carried) lines.push(say("由别人代为出示（孩子或被照护人）。", "Shown by somebody else: a child, or somebody who is looked after."));
  if (code.paper) lines.push(say("纸质码。", "On paper."));
  const warn = warning();
  show(box, { green: "done", yellow: "soon", red: "late" }[code.colour], `${shape} ${tell(name)}`, lines, warn);
}

function show(box, tone, title, lines, warn) {
  box.className = `card pass result ${tone}`;
  box.replaceChildren(element("h2", title, "colour"), ...lines.map((line, at) => element("p", line, at === 0 ? "large" : undefined)));
  if (warn) box.append(element("p", warn, "error"));
  box.append(element("p", say(`核验于 ${clock(Date.now())}，不保存。`, `Checked at ${clock(Date.now())}; nothing is kept.`), "note"));
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

// MARK: Start

part("verify-form").addEventListener("submit", (event) => {
  event.preventDefault();
  verify(part("verify-code").value);
});
part("verify-update").addEventListener("click", update);
part("verify-scan").hidden = false;
part("verify-scan").addEventListener("click", async () => {
  const text = await scan(say("对准健康码", "Point at the pass code"));
  if (text) verify(text);
});

if (!globalThis.caches) {
  part("verify-state").textContent = say(
    "这个网址不是安全连接（https），浏览器不允许存放公钥，不能核验。",
    "This address is not secure (https): the browser keeps no keys, and nothing can be checked.");
} else {
  isAble = await canCheck();
  await navigator.serviceWorker?.register("/worker.js").catch(() => {});
  await load();
  if (!known || age(list, known, now()) !== "fresh") await update();
  setInterval(() => {
    if (navigator.onLine) update();
    else describe();
  }, Math.max(1, known?.list_minutes ?? 10) * 60_000);
  addEventListener("online", update);
}
document.documentElement.dataset.ready = "1";
