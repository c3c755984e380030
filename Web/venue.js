// The screen at a venue: shows the code of this minute, by the district’s clock, and fetches the next
// ones before they run out. Without network it goes on for as long as it was given.

import { say } from "/words.js";

const fewLeft = 10;
const lookMilliseconds = 1_000;
const retryMilliseconds = 15_000;

let start = 0;
let asked = -Infinity;
const screen = () => document.getElementById("venue-screen");
/** Seconds on the district’s clock: this device’s own is only trusted to go on evenly. */
const now = () => Number(screen().dataset.now) + (performance.now() - start) / 1_000;

async function fetchMore() {
  if (performance.now() - asked < retryMilliseconds) return;
  asked = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error("refused");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("venue-screen");
    if (!fresh) throw new Error("no screen");
    screen().replaceWith(document.importNode(fresh, true));
    start = performance.now();
    step();
  } catch {
    // It goes on with what it has.
  }
}

function step() {
  const moment = now();
  let left = 0;
  let isShown = false;
  for (const code of screen().querySelectorAll("svg[data-until]")) {
    const isPresent = Number(code.dataset.from) <= moment && moment < Number(code.dataset.until);
    if (isPresent) code.removeAttribute("hidden");
    else code.setAttribute("hidden", "");
    isShown ||= isPresent;
    if (moment < Number(code.dataset.until)) left += 1;
  }
  if (!isShown) {
    document.getElementById("venue-said").textContent = say("没有网络，码已用完；联网后自动恢复。", "No network, and no code left; it goes on with the network.");
  }
  if (left < fewLeft) fetchMore();
}

if (screen()) {
  step();
  setInterval(step, lookMilliseconds);
}
