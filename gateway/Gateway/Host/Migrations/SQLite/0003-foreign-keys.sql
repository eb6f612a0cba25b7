-- What belongs to what, declared: SQLite has to make a table anew for that. A gateway has foreign keys on; here they are off, and
-- checked at the end.
--
-- No key, because the other end may be missing for good reasons:
--   events, refusals, oddities, strangers: their devices come from outside;
--   audit, offer_uploads: who acted may have been removed since;
--   occupancy_night, occupancy_heard, occupancy_watch, occupancy_area: a pod there is a place that outlives its devices (decision 0116);
--   screen_transports: noted at a log-in, which knows a name at the broker and no device;
--   offers, import_steps: a source without an import of its own has no row in offer_sources;
--   catalogue_entries, planning_pushed_services: what is left of offers that are gone, until screens and backend are told.

-- A session ends with its account. Sessions of accounts that were removed before this were valid no more: they are not taken along.
CREATE TABLE new_sessions (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
  stamp TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL);
INSERT INTO new_sessions (id, account, stamp, opened_at, ends_at)
SELECT id, account, stamp, opened_at, ends_at FROM sessions WHERE account IN (SELECT name FROM accounts);
DROP TABLE sessions;
ALTER TABLE new_sessions RENAME TO sessions;
CREATE INDEX sessions_account ON sessions (account, opened_at);

-- What a registered device said last. Devices are revoked and never deleted, so nothing is said about a deletion here and below.
CREATE TABLE new_contacts (
  device TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  last_at INTEGER NOT NULL,
  session TEXT NOT NULL DEFAULT '',
  counter INTEGER,
  message_at INTEGER);
INSERT INTO new_contacts (device, last_at, session, counter, message_at)
SELECT device, last_at, session, counter, message_at FROM contacts;
DROP TABLE contacts;
ALTER TABLE new_contacts RENAME TO contacts;

CREATE TABLE new_screens (
  device TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  online INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  pitch_um INTEGER NOT NULL,
  catalogue TEXT NOT NULL,
  page TEXT NOT NULL,
  rssi INTEGER NOT NULL,
  content_age_s INTEGER,
  time_known INTEGER NOT NULL,
  reported_at INTEGER NOT NULL);
INSERT INTO new_screens (device, online, width, height, pitch_um, catalogue, page, rssi, content_age_s, time_known, reported_at)
SELECT device, online, width, height, pitch_um, catalogue, page, rssi, content_age_s, time_known, reported_at FROM screens;
DROP TABLE screens;
ALTER TABLE new_screens RENAME TO screens;

CREATE TABLE new_screen_setup (
  device TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  digest TEXT NOT NULL,
  sent_at INTEGER NOT NULL);
INSERT INTO new_screen_setup (device, digest, sent_at)
SELECT device, digest, sent_at FROM screen_setup;
DROP TABLE screen_setup;
ALTER TABLE new_screen_setup RENAME TO screen_setup;

CREATE TABLE new_catalogue_screens (
  device TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  shown TEXT NOT NULL,
  shown_at INTEGER NOT NULL,
  offered TEXT NOT NULL,
  offered_at INTEGER,
  capacity_entries INTEGER NOT NULL DEFAULT 0,
  capacity_bytes INTEGER NOT NULL DEFAULT 0,
  refusals INTEGER NOT NULL DEFAULT 0,
  new_session INTEGER NOT NULL DEFAULT 0);
INSERT INTO new_catalogue_screens (device, shown, shown_at, offered, offered_at, capacity_entries, capacity_bytes, refusals, new_session)
SELECT device, shown, shown_at, offered, offered_at, capacity_entries, capacity_bytes, refusals, new_session FROM catalogue_screens;
DROP TABLE catalogue_screens;
ALTER TABLE new_catalogue_screens RENAME TO catalogue_screens;

-- out_case is no key: a closed case is forgotten after 90 days, and its pod may still be out of service.
CREATE TABLE new_pods (
  device TEXT NOT NULL PRIMARY KEY REFERENCES devices (id),
  reported_at INTEGER,
  alarms TEXT NOT NULL,
  alarms_at INTEGER NOT NULL,
  received_at INTEGER,
  out_since INTEGER,
  out_by TEXT,
  out_why TEXT,
  out_case INTEGER,
  port INTEGER,
  occupancy TEXT,
  reason TEXT,
  confidence INTEGER,
  door_open INTEGER,
  locked INTEGER,
  moved INTEGER,
  smoke INTEGER,
  sos INTEGER,
  tamper INTEGER,
  climate_fault INTEGER,
  co2_fault INTEGER,
  door_lock_fault INTEGER,
  motion_fault INTEGER,
  age_minutes INTEGER,
  centi_celsius INTEGER,
  humidity_permille INTEGER,
  co2_ppm INTEGER,
  battery_millivolts INTEGER);
INSERT INTO new_pods (device, reported_at, alarms, alarms_at, received_at, out_since, out_by, out_why, out_case, port, occupancy, reason,
  confidence, door_open, locked, moved, smoke, sos, tamper, climate_fault, co2_fault, door_lock_fault, motion_fault, age_minutes,
  centi_celsius, humidity_permille, co2_ppm, battery_millivolts)
SELECT device, reported_at, alarms, alarms_at, received_at, out_since, out_by, out_why, out_case, port, occupancy, reason, confidence,
  door_open, locked, moved, smoke, sos, tamper, climate_fault, co2_fault, door_lock_fault, motion_fault, age_minutes, centi_celsius,
  humidity_permille, co2_ppm, battery_millivolts FROM pods;
DROP TABLE pods;
ALTER TABLE new_pods RENAME TO pods;

CREATE TABLE new_stays (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL REFERENCES devices (id),
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  night TEXT NOT NULL);
INSERT INTO new_stays (id, device, began_at, ended_at, night)
SELECT id, device, began_at, ended_at, night FROM stays;
DROP TABLE stays;
ALTER TABLE new_stays RENAME TO stays;
CREATE INDEX stays_device ON stays (device, began_at);

CREATE TABLE new_alerts (
  id INTEGER PRIMARY KEY,
  pod TEXT NOT NULL REFERENCES devices (id),
  kind TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  last_held_at INTEGER NOT NULL,
  ended_at INTEGER,
  value INTEGER,
  returns INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  resolved_at INTEGER,
  resolved_by TEXT,
  notices INTEGER NOT NULL,
  next_notice_at INTEGER,
  sequence INTEGER,
  cleared_at INTEGER,
  closed_as TEXT);
INSERT INTO new_alerts (id, pod, kind, raised_at, last_held_at, ended_at, value, returns, acknowledged_at, acknowledged_by, resolved_at,
  resolved_by, notices, next_notice_at, sequence, cleared_at, closed_as)
SELECT id, pod, kind, raised_at, last_held_at, ended_at, value, returns, acknowledged_at, acknowledged_by, resolved_at, resolved_by,
  notices, next_notice_at, sequence, cleared_at, closed_as FROM alerts;
DROP TABLE alerts;
ALTER TABLE new_alerts RENAME TO alerts;
CREATE UNIQUE INDEX alerts_open ON alerts (pod, kind) WHERE resolved_at IS NULL;
CREATE INDEX alerts_pod ON alerts (pod, kind);
CREATE INDEX alerts_notice ON alerts (next_notice_at);
CREATE INDEX alerts_resolved ON alerts (resolved_at);

CREATE TABLE new_alert_sequences (
  pod TEXT NOT NULL REFERENCES devices (id),
  sequence INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (pod, sequence));
INSERT INTO new_alert_sequences (pod, sequence, heard_at, kind)
SELECT pod, sequence, heard_at, kind FROM alert_sequences;
DROP TABLE alert_sequences;
ALTER TABLE new_alert_sequences RENAME TO alert_sequences;
CREATE INDEX alert_sequences_age ON alert_sequences (heard_at);

-- A forgotten case takes its history and its links with it.
CREATE TABLE new_alert_events (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  who TEXT NOT NULL,
  detail TEXT NOT NULL);
INSERT INTO new_alert_events (id, alert_id, at, what, who, detail)
SELECT id, alert_id, at, what, who, detail FROM alert_events;
DROP TABLE alert_events;
ALTER TABLE new_alert_events RENAME TO alert_events;
CREATE INDEX alert_events_of ON alert_events (alert_id, id);

CREATE TABLE new_alert_links (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
  recipient TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER);
INSERT INTO new_alert_links (id, alert_id, recipient, expires_at, used_at)
SELECT id, alert_id, recipient, expires_at, used_at FROM alert_links;
DROP TABLE alert_links;
ALTER TABLE new_alert_links RENAME TO alert_links;
CREATE INDEX alert_links_expiry ON alert_links (expires_at);
-- Asked with every case that is forgotten.
CREATE INDEX alert_links_of ON alert_links (alert_id);

-- Only the order of the columns that were added later: a store that grew is then as one that is new.
CREATE TABLE new_outbox (
  position INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  subject TEXT NOT NULL,
  message_key TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  give_up_at INTEGER NOT NULL,
  forget_at INTEGER,
  attempts INTEGER NOT NULL,
  state TEXT NOT NULL,
  last_error TEXT,
  sent_at INTEGER,
  sequence INTEGER NOT NULL DEFAULT 0,
  urgent INTEGER NOT NULL DEFAULT 0,
  UNIQUE (channel, message_key));
INSERT INTO new_outbox (position, channel, subject, message_key, payload, created_at, due_at, give_up_at, forget_at, attempts, state,
  last_error, sent_at, sequence, urgent)
SELECT position, channel, subject, message_key, payload, created_at, due_at, give_up_at, forget_at, attempts, state, last_error, sent_at,
  sequence, urgent FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_age ON outbox (forget_at);
CREATE INDEX outbox_order ON outbox (channel, subject, position);

CREATE TABLE new_outbox_attempts (
  position INTEGER NOT NULL REFERENCES outbox (position) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  result TEXT,
  note TEXT,
  PRIMARY KEY (position, number));
INSERT INTO new_outbox_attempts (position, number, started_at, result, note)
SELECT position, number, started_at, result, note FROM outbox_attempts;
DROP TABLE outbox_attempts;
ALTER TABLE new_outbox_attempts RENAME TO outbox_attempts;

-- A plan goes after its last step; that is how an import of thousands stays in small steps (decision 0109).
CREATE TABLE new_import_steps (
  import TEXT NOT NULL REFERENCES import_plans (id),
  step INTEGER NOT NULL,
  offer TEXT NOT NULL,
  source TEXT NOT NULL,
  items TEXT,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  last_changed INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  PRIMARY KEY (import, step, offer));
INSERT INTO new_import_steps (import, step, offer, source, items, first_seen, last_seen, last_changed, withdrawn, gone)
SELECT import, step, offer, source, items, first_seen, last_seen, last_changed, withdrawn, gone FROM import_steps;
DROP TABLE import_steps;
ALTER TABLE new_import_steps RENAME TO import_steps;

CREATE TABLE new_catalogue_cuts (
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  digest TEXT NOT NULL REFERENCES catalogue_editions (digest),
  count INTEGER NOT NULL,
  PRIMARY KEY (entries, bytes));
INSERT INTO new_catalogue_cuts (entries, bytes, digest, count)
SELECT entries, bytes, digest, count FROM catalogue_cuts;
DROP TABLE catalogue_cuts;
ALTER TABLE new_catalogue_cuts RENAME TO catalogue_cuts;

CREATE TABLE new_occupancy_device (
  device TEXT NOT NULL REFERENCES devices (id),
  from_night INTEGER NOT NULL,
  pod TEXT NOT NULL,
  PRIMARY KEY (device, from_night));
INSERT INTO new_occupancy_device (device, from_night, pod)
SELECT device, from_night, pod FROM occupancy_device;
DROP TABLE occupancy_device;
ALTER TABLE new_occupancy_device RENAME TO occupancy_device;

-- Order of columns alone. A name at the broker is a screen's or a network server's: no key.
CREATE TABLE new_mqtt_credentials (
  name TEXT NOT NULL PRIMARY KEY,
  rights TEXT NOT NULL,
  salt BLOB NOT NULL,
  hash BLOB NOT NULL,
  liveness BLOB NOT NULL DEFAULT x'');
INSERT INTO new_mqtt_credentials (name, rights, salt, hash, liveness)
SELECT name, rights, salt, hash, liveness FROM mqtt_credentials;
DROP TABLE mqtt_credentials;
ALTER TABLE new_mqtt_credentials RENAME TO mqtt_credentials;

-- Order of columns alone. The pods of a figure are text: the ledger is kept for good and must not depend on anything.
CREATE TABLE new_release_ledger (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  period TEXT NOT NULL,
  area TEXT NOT NULL,
  statistic TEXT NOT NULL,
  first_night INTEGER NOT NULL,
  last_night INTEGER NOT NULL,
  pods TEXT NOT NULL,
  offered INTEGER NOT NULL,
  epsilon TEXT NOT NULL,
  value INTEGER,
  round_to INTEGER NOT NULL,
  suppress_below INTEGER NOT NULL,
  released_at INTEGER NOT NULL,
  digest TEXT NOT NULL,
  reported INTEGER,
  noised INTEGER,
  simulated INTEGER NOT NULL DEFAULT 0);
INSERT INTO new_release_ledger (sequence, id, period, area, statistic, first_night, last_night, pods, offered, epsilon, value, round_to,
  suppress_below, released_at, digest, reported, noised, simulated)
SELECT sequence, id, period, area, statistic, first_night, last_night, pods, offered, epsilon, value, round_to, suppress_below,
  released_at, digest, reported, noised, simulated FROM release_ledger;
DROP TABLE release_ledger;
ALTER TABLE new_release_ledger RENAME TO release_ledger;
CREATE INDEX release_ledger_nights ON release_ledger (last_night, first_night);

-- Order of columns alone.
CREATE TABLE new_catalogue_state (
  id INTEGER NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  stale INTEGER NOT NULL,
  due_at INTEGER,
  ranked TEXT,
  total INTEGER NOT NULL DEFAULT 0);
INSERT INTO new_catalogue_state (id, digest, stale, due_at, ranked, total)
SELECT id, digest, stale, due_at, ranked, total FROM catalogue_state;
DROP TABLE catalogue_state;
ALTER TABLE new_catalogue_state RENAME TO catalogue_state;
