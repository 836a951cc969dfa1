"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const panel = document.getElementById("panel");
  const title = document.getElementById("panel-title");
  const body = document.getElementById("panel-body");
  const STEP = 100; // patients shown at a time
  let opener = null;

  // Text goes in as text, never as markup.
  const make = (tag, text, kind) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  };
  const section = (name) => body.append(make("h3", name));
  const facts = (pairs) => {
    const list = make("dl");
    for (const [name, value] of pairs) {
      if (value !== undefined && value !== null && value !== "") list.append(make("dt", name), make("dd", String(value)));
    }
    body.append(list);
  };

  const where = ([place, row, column]) => {
    const [file, sheet] = data.places[place];
    const address = sheet ? `${sheet}, ${column}${row}` : `row ${row}, ${column}`;
    return file && data.places.length > 1 ? `${address} (${file})` : address;
  };

  function cellLines(patient, fields) {
    const lines = [];
    for (const field of fields) {
      for (const cell of (data.cells[field] || {})[patient] || []) lines.push([cell[4] || field, cell[3], where(cell)]);
    }
    return lines;
  }

  function patientTable(patients, fields) {
    const table = make("table");
    const head = make("thead");
    const line = make("tr");
    const one = data.places.length === 1 && data.places[0][0];
    for (const name of ["Patient", "Field", "Recorded", one ? `Where (${one})` : "Where"]) line.append(make("th", name));
    head.append(line);
    const rows = make("tbody");
    table.append(head, rows);
    body.append(table);
    showMore(patients, (patient) => {
      const lines = cellLines(patient, fields);
      (lines.length ? lines : [["", "", "no cell recorded"]]).forEach((cells, k) => {
        const row = make("tr", undefined, k ? "" : "first");
        row.append(make("th", k ? "" : data.patients[patient]), ...cells.map((text) => make("td", text, text.length < 18 ? "short" : "")));
        rows.append(row);
      });
    });
  }

  function patientList(patients) {
    const list = make("div", undefined, "patients");
    body.append(list);
    showMore(patients, (patient) => list.append(make("span", data.patients[patient])));
  }

  function showMore(patients, show) {
    let shown = 0;
    const button = make("button", "", "more");
    button.type = "button";
    const next = () => {
      patients.slice(shown, shown + STEP).forEach(show);
      shown = Math.min(shown + STEP, patients.length);
      button.hidden = shown >= patients.length;
      button.textContent = `Show more (${patients.length - shown})`;
    };
    button.addEventListener("click", next);
    body.append(button);
    next();
  }

  function patientsOf(row) {
    if (!row.members) return;
    const size = data.sizes[row.members];
    section(size === undefined ? "Patients behind it" : `Patients behind it (${size})`);
    if (data.conditions[row.members]) body.append(make("p", data.conditions[row.members]));
    else if (data.listed === "no") body.append(make("p", "Patients are not listed in this copy of the report."));
    else if (data.listed === "files") {
      body.append(make("p", `Listed in members.csv under ${row.members}; their cells stand in cells.csv.`));
    } else {
      const patients = data.members[row.members];
      const fields = (row.fields || []).filter((field) => data.cells[field]);
      if (!patients.length) body.append(make("p", "None."));
      else if (fields.length) patientTable(patients, fields);
      else patientList(patients);
    }
  }

  function open(id, from) {
    const row = data.rows[id];
    if (!row) return;
    shut();
    opener = from;
    if (opener) opener.classList.add("open");
    title.textContent = row.shown;
    body.replaceChildren(make("p", undefined, "address"));
    body.firstChild.append(make("code", id));
    if (row.note) body.append(make("p", row.note, "reason"));
    facts([
      ["What", row.what], ["Of", row.of], ["Population", row.population], ["Group", row.group],
      ["Analysis", row.analysis], ["In full", row.value], ["Kept as", row.unit], ["n", row.n], ["Status", row.status],
    ]);
    const method = data.methods[row.method];
    if (method) {
      section("Method");
      body.append(make("p", method.label + "."), make("p", method.sentence));
      if (method.reference) body.append(make("p", method.reference, "reference"));
    }
    patientsOf(row);
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    history.replaceState(null, "", "#n=" + encodeURIComponent(id));
  }

  function shut() {
    if (opener) opener.classList.remove("open");
    panel.hidden = true;
  }

  function close() {
    if (panel.hidden) return;
    shut();
    if (opener) opener.focus({ preventScroll: true });
    opener = null;
    history.replaceState(null, "", location.pathname + location.search);
  }

  // A link to report.html#n=<address> opens on that number.
  function fromAddress() {
    if (!location.hash.startsWith("#n=")) return;
    const id = decodeURIComponent(location.hash.slice(3));
    const button = document.querySelector(`.num[data-id="${CSS.escape(id)}"]`);
    if (button) button.scrollIntoView({ block: "center" });
    open(id, button);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".num");
    if (button) open(button.dataset.id, button);
    else if (!event.target.closest("#panel")) close();
  });
  document.getElementById("close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();
})();
