// A sampling point on a phone: scan the tube, scan or choose the person, next. Each swab is kept in
// the one queue before anybody hears the beep, and sent afterwards; the tubes of the shift and the list
// of the point are kept sealed like pages, so that twelve hours without network make no difference.
// The swab IS in the tube: what the district finds contradictory it shows to a person, it drops nothing.

import { queue } from "/queue.js";
import { scan as readCode } from "/camera.js";
import { cardForm, codeForm, family, isCard, isLabel, passForm, wrong, Wrong } from "/codes.js";
import { slipSecret } from "/capture.js";
import { fetchList, listings, mostFound, search, standings } from "/lists.js";
import { hex } from "/seal.js";
import { clock, element, say, sound, windowWith } from "/words.js";

const registering = "screening.register";
const place = document.querySelector("[data-sampling]");
const { sampling: round, pool, point, list: listAddress } = place?.dataset ?? {};
const isHousehold = place?.dataset.household;
const ledgerName = `swabs:${round}`;

/** The tubes of this phone in this round by code, and which one is open. */
let ledger = { open: null, tubes: {} };
let people = new Map();
let slips = new Map();
/** What the numbers of those on the list look like. */
let listed = new Set();
let listedAt = null;
let isCut = false;
let parts = null;

// MARK: What is kept

const keepLedger = () => queue.keep(ledgerName, JSON.stringify(ledger));

/** The ledger as it was kept, and every swab that waits in the queue and had not reached it. */
async function openLedger() {
  const kept = await queue.kept(ledgerName).catch(() => null);
  if (kept) ledger = JSON.parse(kept.html);
  for (const entry of await queue.entries()) {
    const said = entry.command;
    if (said?.round !== round || entry.isReport) continue;
    if (entry.name === registering) tubeOf(said.tube, said.sampled_at).people[said.person] ??= said.sampled_at;
    if (entry.name === "screening.seal") tubeOf(said.tube, said.at).sealedAt ??= said.at;
    if (entry.name === "screening.void") tubeOf(said.tube, said.at).voidedAt ??= said.at;
  }
  if (ledger.open && !isOpen(ledger.tubes[ledger.open])) ledger.open = null;
}

function tubeOf(code, openedAt = new Date().toISOString()) {
  ledger.tubes[code] ??= { openedAt, people: {}, pool: Number(pool) };
  return ledger.tubes[code];
}

const isOpen = (tube) => Boolean(tube) && !tube.sealedAt && !tube.voidedAt;
const count = (tube) => Object.keys(tube?.people ?? {}).length;
const openTube = () => (ledger.open ? ledger.tubes[ledger.open] : null);

/** The point's list: of the district when it answers, else as this phone keeps it. */
async function openList() {
  const kept = await queue.kept(listAddress).catch(() => null);
  if (kept) takeList(kept.html);
  draw();
  const text = await fetchList(listAddress);
  if (text) {
    takeList(text);
    draw();
  }
}

function takeList(text) {
  const said = JSON.parse(text);
  people = new Map(said.lines.map((line) => [line.person, line]));
  listed = new Set(said.lines.map((line) => family(line.person)));
  slips = new Map(said.lines.flatMap((line) => line.slips.map((slip) => [slip, line])));
  listedAt = said.at;
  isCut = said.cut;
}

// MARK: Scanning

/** What a code is depends on what is open: first a tube, then people, until the next tube is scanned. */
async function take(text) {
  const code = text.trim();
  if (!code) return;
  if (passForm.test(code)) wrong("这是通行码，请扫居民码、证件或编号", "This is a pass code; scan the resident’s code, card or number");
  const open = openTube();
  if (!open) return openFirst(code);
  if (code === ledger.open) wrong("这支管已打开，请扫人", "This tube is open; scan a person");
  const person = people.get(code) ?? (await holderOf(code));
  if (person) return swab(person);
  if (cardForm.test(code)) {
    if (!isCard(code)) wrong("证件号有误，请重扫或重输", "A digit of the card is wrong; scan or type it again");
    return swab({ person: code.toUpperCase(), name: `…${code.slice(-4)}`, door: say("证件", "card"), standing: "unlisted" });
  }
  if (code in ledger.tubes || isLabel(code) || isOfRoll(code)) return openNext(code);
  const found = search(people, code);
  if (found.length === 1) return swab(found[0]);
  if (found.length > 1) wrong("不止一人，请在下面选", "More than one person; choose below");
  if (!codeForm.test(code) || code.includes("://")) wrong("名单里没有，请扫码或选人", "Not on the list; scan a code or choose");
  parts.unsure = code;
  wrong("名单里没有这个编号：是下一支管，还是名单外的人？请在下面选", "This number is not on the list: the next tube, or somebody unlisted? Choose below");
}

/** The first tube: whatever may be a person's is none until somebody says that it is. */
async function openFirst(code) {
  if (people.has(code) || slipSecret(code) || cardForm.test(code)) wrong("这是人的编号，先扫管码", "This is a person; scan a tube first");
  if (!(code in ledger.tubes) && !isLabel(code) && !isOfRoll(code) && listed.has(family(code))) {
    parts.unsure = code;
    wrong("这个编号像是人的编号；确是管码的，请在下面选", "This number looks like a person’s; if it is a tube’s, say so below");
  }
  return openNew(code);
}

/** The next tube closes the open one, full or not; one in which nobody is was never begun. */
async function openNext(code) {
  mayOpen(code);
  const before = ledger.open;
  const swabs = count(openTube());
  if (swabs > 0) await seal();
  else if (before) {
    delete ledger.tubes[before];
    ledger.open = null;
  }
  return openNew(code, swabs > 0 ? say(`管 ${before} 已封，${swabs} 人；`, `Tube ${before} sealed with ${swabs}; `) : "");
}

/** Whether a code belongs to a roll that this phone has used, and could not be a person's of the list. */
function isOfRoll(code) {
  const own = family(code);
  return !listed.has(own) && Object.keys(ledger.tubes).some((tube) => family(tube) === own);
}

/** Whose slip of paper was scanned; the list knows its fingerprint only. */
async function holderOf(code) {
  const secret = slipSecret(code);
  if (!secret) return null;
  const digest = hex.text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
  return slips.get(digest.slice(0, 16)) ?? wrong("名单里没有这张凭条", "This slip belongs to nobody on the list");
}

/** Refuses what can be no tube, or none any more. */
function mayOpen(code) {
  if (!codeForm.test(code)) wrong("管码只能是字母、数字和 -_./:", "A tube’s code has letters, digits and -_./: only");
  const known = ledger.tubes[code];
  if (known && !isOpen(known)) wrong("这支管已封或作废，请换一支", "This tube is sealed or void; take a new one");
}

async function openNew(code, before = "") {
  mayOpen(code);
  tubeOf(code);
  ledger.open = code;
  await keepLedger();
  parts.unsure = null;
  done(before + say(`管 ${code} 已打开`, `Tube ${code} is open`));
}

/** Binds a person to the open tube; what this phone knows to be wrong is not done. */
async function swab(line) {
  const open = openTube();
  if (!open) wrong("先扫管码", "Scan a tube first");
  if (line.person in open.people) wrong("此人已在这支管里", "This person is in this tube already");
  if (line.single && count(open) > 0) wrong("此人须单独一管，请封管换新管", "This person needs a tube of their own; seal this one and open another");
  const isOwn = isOwnHousehold(open, line);
  if (isHousehold && !isOwn && count(open) > 0) wrong("这支管是另一户的，请给这户换一支新管", "This tube is another household’s; scan a new one");
  if (count(open) >= (isOwn ? Number(isHousehold) : open.pool)) wrong("这支管已满，请封管", "This tube is full; seal it");
  const other = Object.entries(ledger.tubes).find(([, tube]) => !tube.voidedAt && line.person in tube.people);
  if (other && !line.single) wrong(`此人已在管 ${other[0]} 里`, `This person is in tube ${other[0]} already`);
  const isVoid = Object.values(ledger.tubes).some((tube) => tube.voidedAt && line.person in tube.people);
  if (!line.single && !isVoid && ["sampled", "tested"].includes(line.standing)) wrong("此人本轮已采样", "This person was sampled in this round");
  const at = new Date().toISOString();
  const { device } = await queue.state();
  await put(registering, {
    round, person: line.person, tube: ledger.open, sampled_at: at, device,
    ...(point ? { point } : {}),
  }, [who(line), ledger.open]);
  open.people[line.person] = at;
  if (isHousehold) [open.home, open.pool] = [line.home, Math.max(open.pool, count(open))];
  if (line.single) open.pool = 1;
  await keepLedger();
  parts.unsure = null;
  done(say(`${who(line)} 已登记`, `${who(line)} registered`));
}

/** Whether somebody lives with those in a tube, in a round in which a household may share one. */
const isOwnHousehold = (tube, line) => Boolean(isHousehold && line.home && tube.home === line.home);

const who = (line) => [line.door, line.name ?? line.person].filter(Boolean).join(" ");

async function seal() {
  const [code, open] = [ledger.open, openTube()];
  const at = new Date().toISOString();
  const { device } = await queue.state();
  await put("screening.seal", { round, tube: code, at, count: count(open), device },
    [say(`封管 ${code}`, `Sealed ${code}`), say(`${count(open)} 人`, `${count(open)} swabs`)]);
  open.sealedAt = at;
  ledger.open = null;
  await keepLedger();
  done(say(`管 ${code} 已封，${count(open)} 人`, `Tube ${code} sealed with ${count(open)}`));
}

/** Everyone in a tube that can give no result is sampled again. */
async function discard() {
  const code = ledger.open;
  const { answer } = windowWith(say(`作废管 ${code}？管内的人都要重采`, `Void tube ${code}? Everyone in it is sampled again`), [], [
    ["leaking", say("渗漏", "Leaking")], ["unreadable", say("条码读不出", "Unreadable")],
    ["damaged", say("损坏", "Damaged")], ["", say("不作废", "Keep it"), "primary"],
  ]);
  const reason = await answer;
  if (!reason) return;
  const at = new Date().toISOString();
  const { device } = await queue.state();
  await put("screening.void", { round, tube: code, reason, at, device }, [say(`作废 ${code}`, `Void ${code}`)]);
  tubeOf(code).voidedAt = at;
  ledger.open = null;
  await keepLedger();
  done(say(`管 ${code} 已作废，名单上的人重新可采`, `Tube ${code} is void; its people can be sampled again`));
}

async function put(name, command, words) {
  const mode = await queue.ready();
  if (mode === "out") wrong("登录已结束，请先登录，这一项没有存", "Your sign-in has ended; sign in, this was not stored");
  if (mode !== "open") wrong("手机里存不下，请用联网登记", "Nothing can be kept here; use the desk");
  await queue.put({ name, command, words: words.join(" · "), place: place.dataset.place });
}

// MARK: The page

function standing(line) {
  const tube = Object.entries(ledger.tubes).find(([, one]) => !one.voidedAt && line.person in one.people);
  if (line.single && !tube) return element("span", say("单管复采", "own tube"), "chip late");
  if (tube) return element("span", say(`在管 ${tube[0]}`, `in ${tube[0]}`), "chip done");
  const [words, tone] = standings[line.standing] ?? [say("未采", "not yet"), "soon"];
  return element("span", words, `chip ${tone}`);
}

function done(words) {
  sound(true);
  tell(words, "done");
  draw();
}

function tell(words, tone) {
  parts.said.className = `notice ${tone}`;
  parts.said.setAttribute("role", tone === "late" ? "alert" : "status");
  parts.said.replaceChildren(element("strong", words));
  parts.said.hidden = false;
}

/** Does something of a person at the point; what is wrong is said and heard. */
async function attempt(body) {
  if (parts.isBusy) return;
  parts.isBusy = true;
  parts.unsure = null;
  try {
    await body();
    parts.field.value = "";
  } catch (failure) {
    sound(false);
    tell(failure instanceof Wrong ? failure.message : say("没有存下，请再试", "Not stored; try again"), "late");
    parts.field.select();
  } finally {
    parts.isBusy = false;
    draw();
    parts.field.focus();
  }
}

function button(words, kind, body) {
  const made = element("button", words, kind);
  made.type = "button";
  made.addEventListener("click", () => attempt(body));
  return made;
}

function build() {
  const form = element("form", undefined, "card form");
  form.autocomplete = "off";
  const field = element("input");
  Object.assign(field, { id: "code", autocomplete: "off", spellcheck: false, enterKeyHint: "next" });
  field.setAttribute("autocapitalize", "none");
  const label = element("label");
  label.htmlFor = "code";
  const box = element("div", undefined, "field");
  box.append(label, field);
  const row = element("div", undefined, "buttons");
  row.append(element("button", say("下一步", "Next"), "primary"));
  row.append(button(say("用相机扫", "Scan with the camera"), "", async () => take((await readCode(label.textContent)) ?? "")));
  form.append(box, row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => take(field.value));
  });
  field.addEventListener("input", () => draw());
  const tube = element("article", undefined, "door tube");
  tube.id = "tube";
  const said = element("div", undefined, "notice");
  said.hidden = true;
  const found = element("div", undefined, "stack");
  const inside = element("div", undefined, "stack");
  const note = element("p", undefined, "note");
  place.replaceChildren(tube, said, form, found, inside, note);
  parts = { tube, said, field, label, found, inside, note, unsure: null, isBusy: false };
}

function draw() {
  drawTube();
  drawFound();
  drawInside();
  const tubes = Object.values(ledger.tubes).filter((tube) => !tube.voidedAt);
  const swabs = tubes.reduce((all, tube) => all + count(tube), 0);
  parts.note.textContent = [
    say(`这部手机本轮：${tubes.length} 管，${swabs} 人`, `On this phone in this round: tubes ${tubes.length}, swabs ${swabs}`),
    listedAt ? say(`名单 ${people.size} 人，存于 ${clock(listedAt)}`, `list of ${people.size}, as of ${clock(listedAt)}`) : say("名单还没有存下", "no list is stored yet"),
    ...(isCut ? [say("名单太长，只存一部分", "the list is too long, a part is stored")] : []),
  ].join(" · ");
}

function drawTube() {
  const open = openTube();
  const isFull = open && count(open) >= (isHousehold ?? open.pool);
  parts.tube.classList.toggle("waiting", !open);
  const number = element("h2", open ? `${count(open)} / ${open.pool}` : "–", "number");
  const code = element("p", open ? ledger.open : say("没有打开的管", "No tube is open"), "who");
  const state = open
    ? element("span", isFull ? say("已满", "full") : say("可继续", "goes on"), `chip ${isFull ? "late" : "done"}`)
    : element("span", say("扫管码", "scan a tube"), "chip soon");
  const rows = [number, code, state];
  if (open) {
    const buttons = element("div", undefined, "buttons");
    buttons.append(button(say("封管", "Seal"), isFull ? "primary" : "", () => seal()));
    if ("void" in place.dataset) buttons.append(button(say("管坏了", "Tube is bad"), "", discard));
    rows.push(buttons);
  }
  parts.tube.replaceChildren(...rows);
  parts.label.textContent = open
    ? say("扫居民码、证件，或输入门牌、编号；扫下一支管即封管", "Scan the resident’s code or card, or type a door or number; the next tube seals this one")
    : say("扫管码或输入管码", "Scan the tube’s code, or type it");
}

function drawFound() {
  const text = parts.field.value.trim();
  const found = openTube() && text ? search(people, text) : [];
  const shown = found.slice(0, mostFound).map(personRow);
  if (found.length > mostFound) shown.push(element("p", say("还有更多，请再输几个字", "There are more; type on"), "note"));
  if (parts.unsure) shown.push(choices(parts.unsure));
  parts.found.replaceChildren(...shown);
}

/** Whether a number is a tube's or a person's, only whoever holds it can see. */
function choices(code) {
  const row = element("div", undefined, "buttons");
  const open = openTube();
  if (codeForm.test(code)) {
    row.append(button(
      open ? say(`这是下一支管：封管并打开 ${code}`, `The next tube: seal and open ${code}`) : say(`这是管码：打开 ${code}`, `It is a tube: open ${code}`),
      "", () => (open ? openNext(code) : openNew(code))));
  }
  if (open) {
    row.append(button(say(`登记为名单外：${code}`, `Register as unlisted: ${code}`), "", () => swab({ person: code, name: null, door: say("名单外", "unlisted"), standing: "unlisted" })));
  }
  return row;
}

function personRow(line) {
  const card = element("article", undefined, "door");
  card.append(element("h3", line.name ?? line.person, "who"), element("span"), standing(line), element("p", [line.door, line.person, listings[line.listed]].filter(Boolean).join(" · "), "work"));
  const buttons = element("div", undefined, "buttons");
  buttons.append(button(say("采样入管", "Into the tube"), "primary", () => swab(line)));
  card.append(buttons);
  return card;
}

function drawInside() {
  const inside = Object.entries(openTube()?.people ?? {}).sort((a, b) => (a[1] < b[1] ? 1 : -1));
  const rows = inside.map(([person, at], index) => {
    const line = people.get(person);
    const row = element("p", undefined, "row");
    row.append(element("span", String(inside.length - index), "chip neutral"), element("span", line ? who(line) : person), element("span", clock(at), "note push"));
    return row;
  });
  parts.inside.replaceChildren(...(rows.length > 0 ? [element("h2", say("管内", "In the tube")), ...rows] : []));
}

/** Fills the page in; called once the queue is open. */
export async function begin() {
  if (!place || (await queue.ready()) !== "open") return;
  await openLedger();
  build();
  draw();
  parts.field.focus();
  await openList();
}
