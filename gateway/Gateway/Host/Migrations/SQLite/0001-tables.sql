-- Every table as the program made it before it knew numbered scripts. A store of that time has some or all of them.

CREATE TABLE IF NOT EXISTS accounts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  roles TEXT NOT NULL,
  stamp TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS sessions (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  stamp TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_account ON sessions (account, opened_at);

CREATE TABLE IF NOT EXISTS audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS audit_at ON audit (at);

CREATE TABLE IF NOT EXISTS devices (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  place TEXT NOT NULL,
  area TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  firmware TEXT NOT NULL,
  revoked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS contacts (
  device TEXT NOT NULL PRIMARY KEY,
  last_at INTEGER NOT NULL,
  session TEXT NOT NULL DEFAULT '',
  counter INTEGER,
  message_at INTEGER);
CREATE TABLE IF NOT EXISTS mqtt_credentials (
  name TEXT NOT NULL PRIMARY KEY,
  rights TEXT NOT NULL,
  salt BLOB NOT NULL,
  hash BLOB NOT NULL,
  liveness BLOB NOT NULL DEFAULT x'');
CREATE TABLE IF NOT EXISTS strangers (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  count INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS screens (
  device TEXT NOT NULL PRIMARY KEY,
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

CREATE TABLE IF NOT EXISTS screen_setup (
  device TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  sent_at INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS screen_transports (
  device TEXT NOT NULL PRIMARY KEY,
  encrypted INTEGER,
  said INTEGER,
  host TEXT NOT NULL,
  trials INTEGER NOT NULL,
  fault INTEGER NOT NULL,
  changed_at INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS root_offer (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  port INTEGER NOT NULL,
  time_port INTEGER NOT NULL,
  root BLOB NOT NULL);

CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS events_key ON events (device, kind, key);
CREATE INDEX IF NOT EXISTS events_received ON events (received_at);

CREATE TABLE IF NOT EXISTS clock_step (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  noticed_at INTEGER NOT NULL,
  by_seconds INTEGER NOT NULL,
  at_start INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS refusals (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  device TEXT NOT NULL,
  sender TEXT NOT NULL,
  topic TEXT NOT NULL,
  detail TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  payload BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS refusal_counts (
  reason TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS oddities (
  what TEXT NOT NULL PRIMARY KEY,
  device TEXT NOT NULL,
  first_at INTEGER NOT NULL);

-- Without received_at a pod's report counts as received when it was reported.
CREATE TABLE IF NOT EXISTS pods (
  device TEXT NOT NULL PRIMARY KEY,
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
CREATE TABLE IF NOT EXISTS stays (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  night TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS stays_device ON stays (device, began_at);

CREATE TABLE IF NOT EXISTS occupancy_night (
  pod TEXT NOT NULL,
  night INTEGER NOT NULL,
  PRIMARY KEY (pod, night));
CREATE TABLE IF NOT EXISTS occupancy_heard (
  pod TEXT NOT NULL,
  night INTEGER NOT NULL,
  PRIMARY KEY (pod, night));
CREATE TABLE IF NOT EXISTS occupancy_watch (
  pod TEXT PRIMARY KEY,
  first_night INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS occupancy_forgotten (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  before_night INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS occupancy_device (
  device TEXT NOT NULL,
  from_night INTEGER NOT NULL,
  pod TEXT NOT NULL,
  PRIMARY KEY (device, from_night));
CREATE TABLE IF NOT EXISTS occupancy_area (
  pod TEXT NOT NULL,
  from_night INTEGER NOT NULL,
  until_night INTEGER,
  area TEXT NOT NULL,
  PRIMARY KEY (pod, from_night));

CREATE TABLE IF NOT EXISTS release_ledger (
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
CREATE INDEX IF NOT EXISTS release_ledger_nights ON release_ledger (last_night, first_night);

CREATE TABLE IF NOT EXISTS planning_pushed_services (
  service TEXT PRIMARY KEY,
  digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS planning_pushed (
  what TEXT PRIMARY KEY,
  until TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS planner_keys (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER);

CREATE TABLE IF NOT EXISTS alerts (
  id INTEGER PRIMARY KEY,
  pod TEXT NOT NULL,
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
-- Makes a second open case of one kind and pod impossible, whatever the code does.
CREATE UNIQUE INDEX IF NOT EXISTS alerts_open ON alerts (pod, kind) WHERE resolved_at IS NULL;
CREATE INDEX IF NOT EXISTS alerts_pod ON alerts (pod, kind);
CREATE INDEX IF NOT EXISTS alerts_notice ON alerts (next_notice_at);
CREATE INDEX IF NOT EXISTS alerts_resolved ON alerts (resolved_at);
CREATE TABLE IF NOT EXISTS alert_sequences (
  pod TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  kind TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (pod, sequence));
CREATE INDEX IF NOT EXISTS alert_sequences_age ON alert_sequences (heard_at);
CREATE TABLE IF NOT EXISTS alert_events (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  who TEXT NOT NULL,
  detail TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS alert_events_of ON alert_events (alert_id, id);

CREATE TABLE IF NOT EXISTS alert_links (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL,
  recipient TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER);
CREATE INDEX IF NOT EXISTS alert_links_expiry ON alert_links (expires_at);

CREATE TABLE IF NOT EXISTS outbox (
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
CREATE TABLE IF NOT EXISTS outbox_subjects (
  channel TEXT NOT NULL,
  subject TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (channel, subject));
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (state, due_at);
CREATE INDEX IF NOT EXISTS outbox_age ON outbox (forget_at);
CREATE INDEX IF NOT EXISTS outbox_order ON outbox (channel, subject, position);
CREATE TABLE IF NOT EXISTS outbox_attempts (
  position INTEGER NOT NULL,
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  result TEXT,
  note TEXT,
  PRIMARY KEY (position, number));

CREATE TABLE IF NOT EXISTS offers (
  id TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL,
  items TEXT NOT NULL,
  edit TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  last_changed INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS offers_source ON offers (source);
CREATE TABLE IF NOT EXISTS offer_sources (
  name TEXT NOT NULL PRIMARY KEY,
  kind INTEGER,
  url TEXT,
  pubdate_is_start INTEGER NOT NULL,
  language TEXT NOT NULL,
  last_import INTEGER NOT NULL,
  last_result TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS offer_uploads (
  id TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  request TEXT NOT NULL,
  content BLOB NOT NULL);

CREATE TABLE IF NOT EXISTS import_plans (
  id TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  decided INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS import_steps (
  import TEXT NOT NULL,
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

CREATE TABLE IF NOT EXISTS catalogue_state (
  id INTEGER NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  stale INTEGER NOT NULL,
  due_at INTEGER,
  ranked TEXT,
  total INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS catalogue_entries (
  offer TEXT NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  payload BLOB NOT NULL,
  anchor INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS catalogue_entries_digest ON catalogue_entries (digest);
CREATE TABLE IF NOT EXISTS catalogue_editions (
  digest TEXT NOT NULL PRIMARY KEY,
  entries TEXT NOT NULL,
  at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS catalogue_cuts (
  entries INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  digest TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (entries, bytes));
-- A capacity of 0: the screen does not say.
CREATE TABLE IF NOT EXISTS catalogue_screens (
  device TEXT NOT NULL PRIMARY KEY,
  shown TEXT NOT NULL,
  shown_at INTEGER NOT NULL,
  offered TEXT NOT NULL,
  offered_at INTEGER,
  capacity_entries INTEGER NOT NULL DEFAULT 0,
  capacity_bytes INTEGER NOT NULL DEFAULT 0,
  refusals INTEGER NOT NULL DEFAULT 0,
  new_session INTEGER NOT NULL DEFAULT 0);

CREATE TABLE IF NOT EXISTS retained_messages (
  topic TEXT NOT NULL PRIMARY KEY,
  payload BLOB NOT NULL,
  qos INTEGER NOT NULL,
  properties BLOB NOT NULL,
  expires_at INTEGER);

CREATE TABLE IF NOT EXISTS outside_brokers (
  name TEXT NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL);

-- The last time that the store took a probe.
CREATE TABLE IF NOT EXISTS pulse (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  room BLOB NOT NULL);
