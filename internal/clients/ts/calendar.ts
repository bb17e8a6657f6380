// Reads a schedule with ical.js, a reader of iCalendar that knows nothing of the server, and compares every text and instant with what
// was registered: letters of several bytes at every fold, signs that iCalendar escapes, and the edges of months and days.
import assert from "node:assert/strict";
import ICAL from "ical.js";

function variable(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

async function send(role: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(variable("SOCHIBO_URL") + "/api/v1" + path, {
    method,
    headers: {
      Authorization: `Bearer ${variable(`SOCHIBO_TOKEN_${role}`)}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert(response.ok, `${method} ${path}: ${response.status} ${response.ok ? "" : await response.clone().text()}`);
  return response;
}

const longTitle =
  'Sinh hoạt chuyên đề: "Nâng cao chất lượng sinh hoạt chi bộ; tự phê bình, phê bình" – Đảng bộ phường Trần Hưng Đạo, thành phố ' +
  "Quảng Ngãi; tài liệu ở C:\\họp\\tháng 6, phần 2; kỷ niệm 🇻🇳 ngày 2/9 🏫 " + "ở".repeat(80);
const name = "Chi bộ Hành chính; Tổ chức, Quản trị";

/** When the sessions begin: the last minute of May in Vietnam, the first of June, noon, and the last minute of the year. */
const starts = ["2026-05-31T23:59:00+07:00", "2026-06-01T00:00:00+07:00", "2026-06-15T12:00:00+07:00", "2026-12-31T23:59:00+07:00"];

async function register(organization: string): Promise<string[]> {
  const ids: string[] = [];
  for (const month of ["2026-06", "2026-12"]) {
    const sessions = starts
      .filter((at) => (month === "2026-12") === at.startsWith("2026-12"))
      .map((started_at, i) => ({
        body: "cell", forms: ["regular", "thematic"], started_at, place: "Phòng họp số 2, nhà A; tầng 3",
        title: longTitle.slice(i), // the folds fall on other letters
      }));
    const made = await send("SECRETARY", "POST", `/organizations/${organization}/registrations`, { month, sessions });
    const registration = (await made.json()) as { sessions: { meeting_id: string }[] };
    ids.push(...registration.sessions.map((session) => session.meeting_id));
  }
  return ids;
}

function checkLines(text: string): void {
  const lines = text.split("\r\n");
  assert.equal(lines.at(-1), "");
  for (const line of lines) {
    assert(!/[\r\n]/.test(line), JSON.stringify(line));
    assert(Buffer.byteLength(line) <= 75, `${Buffer.byteLength(line)} bytes: ${line}`);
  }
  assert.equal(text, text.normalize("NFC"));
}

async function walk(): Promise<void> {
  const base = { kind: "base_party", name: "Đảng bộ cơ sở", founded_on: "2010-01-01" };
  const above = ((await (await send("ADMINISTRATOR", "POST", "/organizations", base)).json()) as { id: string }).id;
  const founding = { kind: "cell", name, founded_on: "2010-01-01", parent_id: above };
  const cell = ((await (await send("ADMINISTRATOR", "POST", "/organizations", founding)).json()) as { id: string }).id;
  const ids = await register(cell);
  await send("SECRETARY", "POST", `/meetings/${ids[2]}/cancellation`, { reason: "Bão số 2" }, { "If-Match": '"1"' });

  const query = `/organizations/${above}/schedule?from=2026-05&to=2026-12`;
  const bytes = new Uint8Array(await (await send("SUPERIOR", "GET", query, undefined, { Accept: "text/calendar" })).arrayBuffer());
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  checkLines(text);
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone")!);
  assert.equal(zone.tzid, "Asia/Ho_Chi_Minh");
  ICAL.TimezoneService.register(zone, zone.tzid); // its own description of the zone, not one that the reader brings
  const events = calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
  assert.equal(events.length, starts.length);
  events.forEach((event, i) => {
    const start = new Date(starts[i]!);
    assert.equal(event.uid, `${ids[i]}@sochibo`);
    assert.equal(event.startDate.toJSDate().getTime(), start.getTime());
    assert.equal(event.endDate.toJSDate().getTime(), start.getTime() + 90 * 60_000);
    assert.equal(event.startDate.toString(), starts[i]!.slice(0, 19));
    assert.equal(event.startDate.zone.tzid, "Asia/Ho_Chi_Minh");
    assert.equal(event.summary, `${longTitle.slice(i === 3 ? 0 : i)} – ${name}`);
    assert.equal(event.location, "Phòng họp số 2, nhà A; tầng 3");
    assert.equal(event.description, `Tổ chức: ${name}\nHình thức: Thường kỳ, Chuyên đề`);
    assert.equal(event.sequence, i === 2 ? 1 : 0);
    assert.equal(event.component.getFirstPropertyValue("status"), i === 2 ? "CANCELLED" : "TENTATIVE");
  });
}

await walk();
console.log("ical.js read the calendar without loss");
