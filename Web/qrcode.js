// Reads QR codes (ISO/IEC 18004) from pictures, for the many telephones whose browsers do not: those
// without a service of their own for it, and all iPhones.

import { binary } from "/luminance.js";
import { decode } from "/qrdecode.js";

// The share of the modules between the corners that has to be as it should.
const leastTiming = 0.8;

/** What the QR code in a picture says; null when none can be read. */
export function readQRCode(picture) {
  const dark = binary(picture);
  const found = finders(dark);
  for (const corners of triples(found)) {
    for (const grid of grids(dark, corners)) {
      const text = decode(grid);
      if (text !== null) return text;
    }
  }
  return null;
}

// MARK: The three corners

/** Centres of squares within squares, dark and light as 1:1:3:1:1 in both directions. */
function finders({ bits, width, height }) {
  const found = [];
  const step = height > 400 ? 2 : 1;
  for (let y = 0; y < height; y += step) {
    const runs = [0, 0, 0, 0, 0];
    let state = 0;
    for (let x = 0; x <= width; x++) {
      const isDark = x < width && bits[y * width + x] === 1;
      if (isDark === (state % 2 === 0)) {
        if (x < width) runs[state]++;
        if (x < width) continue;
      }
      if (state === 4) {
        if (isFinder(runs)) note(found, bits, width, height, x, y, runs);
        runs[0] = runs[2]; runs[1] = runs[3]; runs[2] = runs[4]; runs[3] = 1; runs[4] = 0;
        state = 3;
      } else if (state === 0 && runs[0] === 0) {
        continue;
      } else {
        state++;
        runs[state] = 1;
      }
    }
  }
  return found.filter((one) => one.seen > 1).sort((a, b) => b.seen - a.seen).slice(0, 12);
}

function isFinder(runs) {
  const total = runs[0] + runs[1] + runs[2] + runs[3] + runs[4];
  if (total < 7 || runs.some((run) => run === 0)) return false;
  const one = total / 7;
  const most = one / 1.6;
  return Math.abs(runs[0] - one) < most && Math.abs(runs[1] - one) < most && Math.abs(runs[2] - 3 * one) < 3 * most
    && Math.abs(runs[3] - one) < most && Math.abs(runs[4] - one) < most;
}

function note(found, bits, width, height, end, y, runs) {
  const total = runs.reduce((sum, run) => sum + run, 0);
  const roughX = end - runs[4] - runs[3] - runs[2] / 2;
  const down = cross(bits, width, height, Math.floor(roughX), y, 0, 1, runs[2], total);
  if (!down) return;
  const along = cross(bits, width, height, Math.floor(roughX), Math.floor(down.centre), 1, 0, runs[2], total);
  if (!along) return;
  const one = { x: along.centre, y: down.centre, size: (along.total + down.total) / 14, seen: 1 };
  const near = found.find((other) => Math.abs(other.x - one.x) <= other.size * 2 && Math.abs(other.y - one.y) <= other.size * 2
    && Math.abs(other.size - one.size) <= Math.max(1, other.size * 0.6));
  if (!near) {
    found.push(one);
    return;
  }
  for (const key of ["x", "y", "size"]) near[key] = (near[key] * near.seen + one[key]) / (near.seen + 1);
  near.seen++;
}

/** The middle of the pattern along a line through a point; null where there is no such pattern. */
function cross(bits, width, height, x, y, dx, dy, middle, total) {
  const at = (k) => {
    const [px, py] = [x + k * dx, y + k * dy];
    return px < 0 || py < 0 || px >= width || py >= height ? -1 : bits[py * width + px];
  };
  const runs = [0, 0, 0, 0, 0];
  let k = 0;
  if (at(0) !== 1) return null;
  while (at(k) === 1) { runs[2]++; k--; }
  while (at(k) === 0 && runs[1] <= middle) { runs[1]++; k--; }
  while (at(k) === 1 && runs[0] <= middle) { runs[0]++; k--; }
  k = 1;
  while (at(k) === 1) { runs[2]++; k++; }
  const end = k;
  while (at(k) === 0 && runs[3] <= middle) { runs[3]++; k++; }
  while (at(k) === 1 && runs[4] <= middle) { runs[4]++; k++; }
  const sum = runs.reduce((all, run) => all + run, 0);
  if (2 * Math.abs(sum - total) >= total || !isFinder(runs)) return null;
  return { centre: (dx ? x : y) + end - runs[2] / 2, total: sum };
}

/** Threes that may be the corners of one code, the likeliest first: at a right angle, sides alike. */
function triples(found) {
  const likely = [];
  for (let a = 0; a < found.length; a++) {
    for (let b = 0; b < found.length; b++) {
      for (let c = b + 1; c < found.length; c++) {
        if (a === b || a === c) continue;
        const [top, one, other] = [found[a], found[b], found[c]];
        const sizes = [top.size, one.size, other.size];
        if (Math.max(...sizes) > 1.7 * Math.min(...sizes)) continue;
        const [u, v] = [[one.x - top.x, one.y - top.y], [other.x - top.x, other.y - top.y]];
        const [lu, lv] = [Math.hypot(...u), Math.hypot(...v)];
        if (Math.min(lu, lv) < 8 * Math.min(...sizes)) continue;
        const turn = (u[0] * v[1] - u[1] * v[0]) / (lu * lv);
        const unlike = Math.abs(Math.log(lu / lv)) + (1 - Math.abs(turn)) + Math.abs(Math.log(Math.max(...sizes) / Math.min(...sizes))) / 2;
        if (unlike > 1) continue;
        likely.push({ unlike, top, right: turn > 0 ? one : other, below: turn > 0 ? other : one });
      }
    }
  }
  return likely.sort((a, b) => a.unlike - b.unlike).slice(0, 6);
}

// MARK: From the picture to modules

/** The modules of a code with these corners, in the ways in which they may lie. */
function* grids(dark, { top, right, below }) {
  // A line through a square that stands askew is longer than its side.
  const tilt = Math.atan2(right.y - top.y, right.x - top.x);
  const size = (top.size + right.size + below.size) / 3 * Math.max(Math.abs(Math.cos(tilt)), Math.abs(Math.sin(tilt)));
  const across = (Math.hypot(right.x - top.x, right.y - top.y) + Math.hypot(below.x - top.x, below.y - top.y)) / 2;
  const guess = Math.round((across / size + 7 - 17) / 4);
  for (const version of [guess, guess + 1, guess - 1, guess + 2, guess - 2]) {
    if (version < 1 || version > 40) continue;
    const side = 17 + 4 * version;
    const far = { x: right.x + below.x - top.x, y: right.y + below.y - top.y };
    const measured = version > 1 ? alignments(dark, top, far, side, size) : [];
    for (const corner of [...measured, ...guesses(far, size)]) {
      const inset = measured.includes(corner) ? 6.5 : 3.5;
      const place = perspective(
        [[3.5, 3.5], [side - 3.5, 3.5], [side - inset, side - inset], [3.5, side - 3.5]],
        [[top.x, top.y], [right.x, right.y], [corner.x, corner.y], [below.x, below.y]]);
      const modules = sampled(dark, side, place);
      if (hasTiming(modules, side)) yield { modules, side, version };
    }
  }
}

/** Where the fourth corner may lie when nothing marks it: as in a parallelogram, and around there. */
function guesses(far, size) {
  const around = [];
  for (let dy = -5; dy <= 5; dy++) {
    for (let dx = -5; dx <= 5; dx++) around.push({ x: far.x + dx * size, y: far.y + dy * size, away: Math.hypot(dx, dy) });
  }
  return around.sort((a, b) => a.away - b.away);
}

function sampled({ bits, width, height }, side, place) {
  const modules = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [px, py] = place(x + 0.5, y + 0.5);
      const [ix, iy] = [Math.floor(px), Math.floor(py)];
      if (ix >= 0 && iy >= 0 && ix < width && iy < height) modules[y * side + x] = bits[iy * width + ix];
    }
  }
  return modules;
}

/** Whether dark and light take turns between the corners: they do in the right number of modules only. */
function hasTiming(modules, side) {
  let right = 0;
  for (let k = 8; k < side - 8; k++) {
    const expected = k % 2 === 0 ? 1 : 0;
    right += (modules[6 * side + k] === expected) + (modules[k * side + 6] === expected);
  }
  return right >= 2 * (side - 16) * leastTiming;
}

/** Where the small square near the fourth corner may be: dark, light, dark as 1:1:1 about its middle. */
function alignments({ bits, width, height }, top, far, side, size) {
  const share = 1 - 3 / (side - 7);
  const [cx, cy] = [top.x + share * (far.x - top.x), top.y + share * (far.y - top.y)];
  const found = [];
  const reach = Math.ceil(size * 8);
  for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(height, cy + reach); y++) {
    let start = -1;
    for (let x = Math.max(1, Math.floor(cx - reach)); x < Math.min(width - 1, cx + reach); x++) {
      const isDark = bits[y * width + x] === 1;
      if (isDark && bits[y * width + x - 1] === 0) start = x;
      if (isDark || start < 0 || bits[y * width + x - 1] === 0) continue;
      const length = x - start;
      const middle = start + length / 2;
      const light = (from, step) => {
        let count = 0;
        while (from >= 0 && from < width && bits[y * width + from] === 0 && count <= size * 2) { count++; from += step; }
        return count;
      };
      const fits = (run) => run > size * 0.4 && run < size * 1.8;
      if (fits(length) && fits(light(start - 1, -1)) && fits(light(x, 1))) {
        const column = Math.floor(middle);
        let [up, down] = [y, y];
        while (up > 0 && bits[(up - 1) * width + column] === 1) up--;
        while (down < height - 1 && bits[(down + 1) * width + column] === 1) down++;
        if (fits(down - up + 1)) found.push({ x: middle, y: (up + down + 1) / 2 });
      }
      start = -1;
    }
  }
  const distance = (one) => Math.hypot(one.x - cx, one.y - cy);
  const kept = [];
  for (const one of found.sort((a, b) => distance(a) - distance(b))) {
    if (kept.every((other) => Math.hypot(other.x - one.x, other.y - one.y) > size)) kept.push(one);
    if (kept.length === 3) break;
  }
  return kept;
}

/** The projective map that takes four points to four others. */
function perspective(from, to) {
  const rows = [];
  for (let k = 0; k < 4; k++) {
    const [[x, y], [u, v]] = [from[k], to[k]];
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  }
  for (let k = 0; k < 8; k++) {
    let best = k;
    for (let r = k + 1; r < 8; r++) if (Math.abs(rows[r][k]) > Math.abs(rows[best][k])) best = r;
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let r = 0; r < 8; r++) {
      if (r === k) continue;
      const factor = rows[r][k] / rows[k][k];
      for (let c = k; c < 9; c++) rows[r][c] -= factor * rows[k][c];
    }
  }
  const h = rows.map((row, k) => row[8] / row[k]);
  return (x, y) => {
    const w = h[6] * x + h[7] * y + 1;
    return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
  };
}
