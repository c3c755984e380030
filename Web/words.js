// What the modules say, in the page’s language or by a tone, and the pieces that they say it with.

const isChinese = document.documentElement.lang.startsWith("zh");
const tag = isChinese ? "zh-CN" : "en-GB";

export const say = (chinese, english) => (isChinese ? chinese : english);

/** The hour of China, as on every page, whatever the telephone is set to. */
const hours = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" };
const format = (shape) => {
  const written = new Intl.DateTimeFormat(tag, shape);
  return (moment) => written.format(new Date(moment));
};
/** The hour of a moment. */
export const clock = format(hours);
/** Its day and hour. */
export const dayClock = format({ month: isChinese ? "long" : "short", day: "numeric", ...hours });

/** A new element with its words and its class. */
export function element(tag, words, kind) {
  const made = document.createElement(tag);
  if (words !== undefined) made.textContent = words;
  if (kind) made.className = kind;
  return made;
}

/** A small window with buttons: the window, and the value of the button that was pressed. */
export function windowWith(title, content, buttons) {
  const dialog = element("dialog");
  const card = element("div", undefined, "card");
  const row = element("div", undefined, "buttons");
  card.append(element("h2", title), ...content, row);
  dialog.append(card);
  document.body.append(dialog);
  const answer = new Promise((resolve) => {
    for (const [value, label, kind] of buttons) {
      const button = element("button", label, kind);
      button.type = "button";
      button.addEventListener("click", () => resolve(value));
      row.append(button);
    }
    dialog.addEventListener("close", () => resolve(""));
  });
  dialog.showModal();
  return { dialog, answer: answer.finally(() => dialog.remove()) };
}

/** Asks one thing; resolves with the value of the button that was pressed. */
export const askInWindow = (title, text, buttons) =>
  windowWith(title, [element("p", text)], buttons).answer;

let audio = null;

/** One short high tone for "next", two low ones for "look here"; silent where the browser has no sound. */
export function sound(isGood) {
  try {
    navigator.vibrate?.(isGood ? 40 : [120, 80, 120]);
    audio ??= new AudioContext();
    audio.resume();
    const tones = isGood ? [[880, 0, 0.12]] : [[220, 0, 0.18], [180, 0.24, 0.3]];
    for (const [pitch, start, length] of tones) {
      const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
      tone.frequency.value = pitch;
      loudness.gain.value = 0.3;
      tone.connect(loudness).connect(audio.destination);
      tone.start(audio.currentTime + start);
      tone.stop(audio.currentTime + start + length);
    }
  } catch {
    // The words and the colour say the same.
  }
}
