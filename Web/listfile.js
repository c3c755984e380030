// Lets a list be read from a file into the field in which it could be pasted; nothing is sent by it.

import { element, say } from "/words.js";

const mostBytes = 4_000_000;
const field = document.querySelector("#make-list textarea[name=people]");

/** The text of a file as spreadsheets write it: UTF-8, or GB 18030 where it is not that. */
async function textOf(file) {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function build() {
  const box = element("div", undefined, "field");
  const label = element("label", say("或读入文件（CSV 或文本）", "Or read it from a file (CSV or text)"));
  label.htmlFor = "list-file";
  const input = element("input");
  Object.assign(input, { type: "file", id: "list-file", accept: ".csv,.txt,.tsv,text/csv,text/plain" });
  const said = element("p", undefined, "hint");
  said.setAttribute("role", "status");
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    if (file.size > mostBytes || /\.(xlsx?|ods|numbers)$/i.test(file.name)) {
      said.textContent = say("请另存为 CSV，且不超过 4 MB", "Save it as CSV first, 4 MB at most");
      return;
    }
    field.value = await textOf(file);
    said.textContent = say(`已读入 ${field.value.trim().split(/\r?\n/).length} 行`, `${field.value.trim().split(/\r?\n/).length} rows read`);
  });
  box.append(label, input, said);
  field.closest(".field").after(box);
}

if (field) build();
