// Signing in and out on a device that keeps work: loaded by pages outside the round.

import { rememberPassword, stay } from "/device.js";
import { queue } from "/queue.js";
import { askInWindow, say } from "/words.js";

/** Signing out waits for what is not sent yet; what cannot be sent stays here, sealed. */
async function signOut(form) {
  await queue.open();
  let state = await queue.state();
  if (state.waiting > 0 && state.online) {
    await Promise.race([queue.send(), new Promise((done) => setTimeout(done, 5_000))]);
    state = await queue.state();
  }
  if (state.waiting > 0) {
    const answer = await askInWindow(
      say(`还有 ${state.waiting} 条没有传出`, `${state.waiting} not sent yet`),
      say(
        "退出后它们封存在这部手机里，别人打不开，您下次在这部手机上登录时自动传出，不会丢。",
        "They stay sealed on this phone, nobody can open them, and they are sent when you next sign in on it. Nothing is lost."),
      [["stay", say("先不退出", "Stay signed in"), "primary"], ["leave", say("仍要退出", "Sign out")]]);
    if (answer !== "leave") return;
  }
  await queue.leave();
  try {
    const answer = await fetch("/sign-out", { method: "POST", redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.ok) await stay();
  } catch {
    // The district is told as soon as there is network.
  }
  location.assign("/sign-in");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const action = new URL(event.submitter?.formAction || form.action, location.href).pathname;
  if (action === "/sign-out" && crypto?.subtle) {
    event.preventDefault();
    signOut(form).catch(() => form.submit());
  } else if ((action === "/sign-in" || action === "/password") && !form.dataset.ready) {
    const password = form.querySelector("input[type=password]")?.value;
    if (!password || !crypto?.subtle) return;
    event.preventDefault();
    // Only a key that is made from it goes on to the next page, in memory.
    const hand = Promise.all([stay(), rememberPassword(password)]);
    Promise.race([hand, new Promise((done) => setTimeout(done, 4_000))]).catch(() => {}).then(() => {
      form.dataset.ready = "1";
      form.requestSubmit(event.submitter ?? undefined);
    });
  }
});

// MARK: Without network

async function showOffline(form) {
  const mode = await queue.open();
  form.hidden = mode !== "locked";
  const nothing = document.getElementById("nothing");
  nothing.hidden = mode === "locked";
  if ("lost" in document.documentElement.dataset) {
    nothing.hidden = false;
    nothing.textContent = say("刚才提交的没有保存，请返回重做。", "What you have just sent was not saved; go back and do it again.");
  }
  document.getElementById("again").addEventListener("click", () => location.reload());
  addEventListener("online", () => location.reload());
  // A browser says once that there is a network, often before the district can be reached through it.
  setInterval(async () => {
    if (!navigator.onLine || form.querySelector("input").value || form.querySelector("button").disabled) return;
    const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
  }, 5_000);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    const isRight = await queue.unlock(form.querySelector("input").value);
    form.querySelector("input").value = "";
    button.disabled = false;
    if (isRight) {
      location.reload();
      return;
    }
    const wrong = document.getElementById("wrong");
    wrong.hidden = false;
    const { mode: left } = await queue.state();
    wrong.textContent = left === "locked"
      ? say("口令不对，请再试", "Wrong password; try again")
      : say("口令错误次数过多，存在手机里的清单已清除；没传出的内容仍封存着。", "Too many wrong passwords: the stored round is gone; what was not sent stays sealed.");
  });
}

const unlock = document.getElementById("unlock");
if (unlock) {
  showOffline(unlock);
} else if (document.body.classList.contains("sign-in")) {
  queue.open();
} else if (indexedDB.databases) {
  // A console that never kept anything is left alone; one that did sends what waits.
  indexedDB.databases().then((all) => all.some(({ name }) => name === "denghuo") && queue.open());
}
