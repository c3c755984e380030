// The list of what waits on this phone, entry by entry, and what becomes of each.

import { queue } from "/queue.js";
import { dayClock, element, say } from "/words.js";

export async function list() {
  const place = document.querySelector("[data-queue]");
  // Before the key is here nobody knows what waits.
  if (!place || (await queue.state()).mode !== "open") return;
  const entries = (await queue.entries()).filter((entry) => !entry.isReport);
  const state = await queue.state();
  const parts = entries.map(line);
  if (entries.length === 0) {
    const empty = element("div", undefined, "empty done");
    empty.append(element("strong", say("没有待传的", "Nothing waits")), say("做过的都已传出。", "All that was done has been sent."));
    parts.push(empty);
  }
  if (state.others > 0) {
    parts.push(element("p", say(`另有 ${state.others} 条属于在这部手机上登录过的其他账号，封存着，等他们登录时传出。`, `${state.others} more belong to other accounts that signed in on this phone; they stay sealed until those sign in again.`), "note"));
  }
  if (!state.isProtected && state.online) parts.push(protection());
  const typing = place.querySelector("input");
  if (typing && (typing.value || typing === document.activeElement) && !state.isProtected) return;
  place.replaceChildren(...parts);
}

/** After signing in by a link there is no password that could open the round after a restart. */
function protection() {
  const form = element("form", undefined, "card form");
  form.dataset.direct = "1";
  const field = element("div", undefined, "field");
  const label = element("label", say("登录口令", "Sign-in password"));
  label.htmlFor = "protect";
  const hint = element("p", say("没有网络时手机重启，要用它打开今天的清单；现在还没有设。", "After a restart without network it opens today’s round; it is not set yet."), "hint");
  hint.id = "protect-hint";
  const input = element("input");
  Object.assign(input, { id: "protect", type: "password", autocomplete: "current-password", required: true });
  input.setAttribute("aria-describedby", hint.id);
  field.append(label, hint, input);
  const buttons = element("div", undefined, "buttons");
  buttons.append(element("button", say("设好", "Set it"), "primary"));
  form.append(field, buttons);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const password = input.value;
    input.value = "";
    form.querySelector("button").disabled = true;
    await queue.protect(password).catch(() => {});
    await list();
  });
  return form;
}

function line(entry) {
  const isWaiting = entry.state === "waiting";
  const card = element("article", undefined, "card");
  const head = element("div", undefined, "row");
  const [first, ...rest] = (entry.words ?? "?").split(" · ");
  const state = isWaiting ? say("待传", "waiting") : entry.state === "damaged" ? say("读不出", "unreadable") : say("没被接受", "refused");
  head.append(element("h2", first), element("span", state, `chip push ${isWaiting ? "soon" : "late"}`));
  card.append(head, element("p", rest.join(" · ")));
  card.append(element("p", say(`做于 ${dayClock(entry.doneAt ?? entry.at)}`, `done ${dayClock(entry.doneAt ?? entry.at)}`), "note"));
  if (!isWaiting) {
    const why = element("div", undefined, "notice late");
    why.append(element("strong", entry.refusal?.message ?? say("没有被接受", "Not taken")), element("p", say("已报给街道，列在他们的“现场”页。", "The street office has it on its page “From the field”.")));
    card.append(why);
  }
  const buttons = element("div", undefined, "buttons");
  const button = element("button", isWaiting ? say("撤回，不传", "Take back") : say("知道了", "Put away"));
  button.type = "button";
  button.addEventListener("click", async () => {
    await queue.drop(entry.id);
    await list();
  });
  buttons.append(button);
  card.append(buttons);
  return card;
}
