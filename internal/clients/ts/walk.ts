// Walks through a month of a cell with the client that openapi-typescript and openapi-fetch make of the contract: the same
// path as docs/api-guide.md.
import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
/** Lists and summaries also come as CSV; this client asks for none of it. */
type Media = "application/json" | "application/problem+json";

function variable(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

function as(role: string): Client<paths, Media> {
  return createClient<paths, Media>({
    baseUrl: variable("SOCHIBO_URL"),
    headers: { Authorization: `Bearer ${variable(`SOCHIBO_TOKEN_${role}`)}`, "Accept-Language": "en" },
  });
}

/** Takes the data of an answer, or fails with the problem. */
async function done<T>(answer: Promise<{ data?: T; error?: Schemas["Problem"]; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  assert(data !== undefined, `${response.url}: ${response.status} ${error?.code}: ${error?.detail}`);
  return data;
}

const tag = (version: number): string => `"${version}"`;

const administrator = as("ADMINISTRATOR");
const secretary = as("SECRETARY");
const superior = as("SUPERIOR");

const found = (body: Schemas["FoundOrganization"]): Promise<Schemas["Organization"]> =>
  done(administrator.POST("/api/v1/organizations", { body }));

async function admit(full_name: string, organization_id: string): Promise<string> {
  const membership = { organization_id, from: "2015-02-03" };
  const member = await done(administrator.POST("/api/v1/members", { body: { full_name, membership } }));
  return member.id;
}

async function foundTree() {
  const district = await found({ kind: "superior", code: "DU-HUYEN", name: "Đảng bộ huyện", founded_on: "2010-01-01" });
  const base = await found({
    kind: "base_party", code: "DB-XA", name: "Đảng bộ xã", founded_on: "2010-05-19", parent_id: district.id,
  });
  const cell = await found({
    kind: "cell", cell_type: "agency", code: "CB-TH", name: "Chi bộ Tổng hợp", founded_on: "2015-01-01", parent_id: base.id,
  });
  const tree = await done(
    superior.GET("/api/v1/organizations/{organization_id}/tree", { params: { path: { organization_id: district.id } } }),
  );
  assert.equal(tree.children[0]?.children[0]?.organization.id, cell.id);
  return { district, cell };
}

async function installCommittee(cell: Schemas["Organization"], secretaryId: string, deputyId: string) {
  const term = { body: "cell_committee", from: "2017-06-01", to: "2020-05-31" } as const;
  await done(
    administrator.POST("/api/v1/organizations/{organization_id}/bodies", {
      params: { path: { organization_id: cell.id }, header: { "If-Match": tag(cell.version) } },
      body: term,
    }),
  );
  for (const [member_id, office] of [[secretaryId, "secretary"], [deputyId, "deputy_secretary"]] as const) {
    await done(
      administrator.POST("/api/v1/members/{member_id}/offices", {
        params: { path: { member_id } },
        body: { organization_id: cell.id, office, ...term },
      }),
    );
  }
}

async function summarize(organization_id: string, basis: "submitted" | "accepted" = "submitted") {
  const query = { from: "2018-01", to: "2018-01", basis };
  const summary = await done(
    superior.GET("/api/v1/organizations/{organization_id}/summary", { params: { path: { organization_id }, query } }),
  );
  const rate = summary.attendance["cell"]?.rate;
  return { sessions: summary.sessions["cell"]?.total ?? 0, present: rate?.numerator ?? 0, base: rate?.denominator ?? 0 };
}

function submit(meeting: Schemas["MeetingRecord"], attendance: Schemas["RollInput"]): Promise<Schemas["MeetingRecord"]> {
  return done(
    secretary.POST("/api/v1/meetings/{meeting_id}/submission", {
      params: { path: { meeting_id: meeting.id }, header: { "If-Match": tag(meeting.version) } },
      body: { attendance },
    }),
  );
}

async function walk() {
  const { district, cell } = await foundTree();
  const members: string[] = [];
  for (const name of ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Em"]) {
    members.push(await admit(name, cell.id));
  }
  const [an, binh, cuong, dung] = members;
  assert(an && binh && cuong && dung);
  await installCommittee(cell, an, binh);

  const create = {
    params: { header: { "Idempotency-Key": "january-2018" } },
    body: {
      organization_id: cell.id, body: "cell", forms: ["regular"], period_month: "2018-01",
      started_at: "2018-01-05T14:00:00+07:00", chair_id: an, minutes_taker_id: binh,
    } satisfies Schemas["MeetingInput"],
  };
  let meeting = await done(secretary.POST("/api/v1/meetings", create));
  const again = await done(secretary.POST("/api/v1/meetings", create));
  assert.equal(again.id, meeting.id, "a repeated request made a second meeting");
  assert.equal(meeting.status, "scheduled");

  const roster = await done(
    secretary.GET("/api/v1/organizations/{organization_id}/roster", {
      params: { path: { organization_id: cell.id }, query: { body: "cell", on: meeting.held_on } },
    }),
  );
  assert.deepEqual(roster.roster.map((entry) => entry.full_name), [
    "Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "Phạm Thị Dung", "Hoàng Văn Em",
  ]);

  meeting = await submit(meeting, { others: "present", rows: [{ member_id: cuong, status: "excused", reason_kind: "sick" }] });
  assert.equal(meeting.attendance.counts.present, 4);
  assert.deepEqual(await summarize(district.id), { sessions: 1, present: 4, base: 5 });

  meeting = await done(
    superior.POST("/api/v1/meetings/{meeting_id}/return", {
      params: { path: { meeting_id: meeting.id }, header: { "If-Match": tag(meeting.version) } },
      body: { reason: "Đồng chí Dung vắng, biên bản ghi có mặt" },
    }),
  );
  assert.deepEqual(await summarize(district.id), { sessions: 0, present: 0, base: 0 });

  meeting = await submit(meeting, { rows: [{ member_id: dung, status: "unexcused" }] });
  assert.deepEqual(await summarize(district.id), { sessions: 1, present: 3, base: 5 });
  assert.deepEqual(await summarize(district.id, "accepted"), { sessions: 0, present: 0, base: 0 });

  const accepted = await done(
    superior.POST("/api/v1/meetings/{meeting_id}/acceptance", {
      params: { path: { meeting_id: meeting.id }, header: { "If-Match": tag(meeting.version) } },
    }),
  );
  assert.equal(accepted.status, "accepted");
  assert.deepEqual(await summarize(district.id, "accepted"), { sessions: 1, present: 3, base: 5 });

  const stale = await secretary.PATCH("/api/v1/meetings/{meeting_id}", {
    params: { path: { meeting_id: meeting.id }, header: { "If-Match": tag(meeting.version) } },
    body: { guests: 3 },
  });
  assert.equal(stale.response.status, 412);
  assert.equal(stale.error?.code, "version_stale");
}

await walk();
console.log("the TypeScript client walked the whole path");
