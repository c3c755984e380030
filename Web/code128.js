// Reads Code 128 (ISO/IEC 15417), which is what tubes and boxes wear when they have no QR code.

const patterns = ("212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
  + "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
  + "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 "
  + "211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 "
  + "121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 "
  + "114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 "
  + "114131 311141 411131 211412 211214 211232").split(" ").map((widths) => [...widths].map(Number));
const [startA, stop] = [103, [2, 3, 3, 1, 1, 1, 2]];
const [codeC, codeB, codeA, shift] = [99, 100, 101, 98];
// How far the widths of a sign may be from what they should be, as a share of the sign.
const most = 0.25;
const lines = 24;
// So many points around one tell what is dark there and what is light.
const around = 30;
const leastContrast = 24;

/** What a bar code in a picture says; null when none can be read whole, with its check. */
export function readCode128({ light, width, height }) {
  for (const [long, wide, step, across] of [[width, height, 1, width], [height, width, width, 1]]) {
    for (let k = 1; k < lines; k++) {
      // From the middle outwards, where people hold what they mean.
      const line = Math.floor(wide * (0.5 + (k % 2 ? 1 : -1) * Math.floor(k / 2) / lines));
      const runs = runsOf(brightness(light, long, step, line * across, line > 0 && line < wide - 1 ? across : 0));
      const text = readRuns(runs) ?? readRuns(turned(runs));
      if (text !== null) return text;
    }
  }
  return null;
}

/** The brightness along a line, as the mean of three beside each other. */
function brightness(light, long, step, from, across) {
  return Float32Array.from({ length: long }, (_, along) => {
    const at = from + along * step;
    return (light[at - across] + light[at] + light[at + across]) / 3;
  });
}

/**
 * Lengths of dark and light in turns, in parts of a point; the first is light. An edge lies where the
 * brightness crosses the middle between the darkest and the lightest around it.
 */
function runsOf(line) {
  const level = (along) => {
    let [least, most] = [255, 0];
    for (let k = Math.max(0, along - around); k < Math.min(line.length, along + around); k++) {
      if (line[k] < least) least = line[k];
      if (line[k] > most) most = line[k];
    }
    return most - least < leastContrast ? -1 : (least + most) / 2;
  };
  const runs = [];
  let [isDark, edge] = [false, 0];
  for (let along = 1; along < line.length; along++) {
    const middle = level(along);
    const isDarkHere = middle >= 0 && line[along] < middle;
    if (isDarkHere === isDark) continue;
    const [before, here] = [line[along - 1], line[along]];
    const part = middle < 0 || before === here ? 1 : Math.max(0, Math.min(1, (before - middle) / (before - here)));
    runs.push(along - 1 + part - edge);
    edge = along - 1 + part;
    isDark = isDarkHere;
  }
  runs.push(line.length - edge);
  return runs;
}

/** The same line read from its other end. */
function turned(runs) {
  const other = [...runs].reverse();
  return runs.length % 2 === 0 ? [0, ...other] : other;
}

function readRuns(runs) {
  for (let at = 1; at + 6 < runs.length; at += 2) {
    const unit = (runs[at] + runs[at + 1] + runs[at + 2] + runs[at + 3] + runs[at + 4] + runs[at + 5]) / 11;
    // Before a code lies light of ten units; half of it is enough.
    if (runs[at - 1] < 5 * unit) continue;
    const first = signAt(runs, at);
    if (first < startA) continue;
    const text = readFrom(runs, at, first);
    if (text !== null) return text;
  }
  return null;
}

function difference(runs, at, widths) {
  let [sum, units] = [0, 0];
  widths.forEach((width, k) => { sum += runs[at + k] ?? 0; units += width; });
  const unit = sum / units;
  return widths.reduce((all, width, k) => all + Math.abs((runs[at + k] ?? 0) / unit - width), 0) / units;
}

function signAt(runs, at) {
  let [best, least] = [-1, most];
  patterns.forEach((widths, sign) => {
    const off = difference(runs, at, widths);
    if (off < least) [best, least] = [sign, off];
  });
  return best;
}

function readFrom(runs, at, first) {
  const signs = [first];
  for (at += 6; at + 6 <= runs.length; at += 6) {
    if (at + 7 <= runs.length && difference(runs, at, stop) < most / 2) return textOf(signs);
    const sign = signAt(runs, at);
    if (sign < 0 || sign >= startA) return null;
    signs.push(sign);
  }
  return null;
}

function textOf(signs) {
  const check = signs.pop();
  if (signs.length < 2) return null;
  if (signs.reduce((sum, sign, place) => sum + sign * Math.max(1, place), 0) % 103 !== check) return null;
  let set = "ABC"[signs[0] - startA];
  let text = "";
  let isShifted = false;
  for (const sign of signs.slice(1)) {
    const used = isShifted ? (set === "A" ? "B" : "A") : set;
    isShifted = false;
    if (used === "C") {
      if (sign < 100) text += String(sign).padStart(2, "0");
      else if (sign === codeB) set = "B";
      else if (sign === codeA) set = "A";
    } else if (sign < 96) {
      text += String.fromCharCode(used === "A" && sign >= 64 ? sign - 64 : sign + 32);
    } else if (sign === shift) {
      isShifted = true;
    } else if (sign === codeC) {
      set = "C";
    } else if (sign === codeB && used === "A") {
      set = "B";
    } else if (sign === codeA && used === "B") {
      set = "A";
    }
  }
  return text;
}
