-- What belongs to what. Which relations have no key, and why, stands in the script of this name for SQLite.
DELETE FROM sessions WHERE account NOT IN (SELECT name FROM accounts);
ALTER TABLE sessions ADD FOREIGN KEY (account) REFERENCES accounts (name) ON DELETE CASCADE;
ALTER TABLE contacts ADD FOREIGN KEY (device) REFERENCES devices (id);
ALTER TABLE screens ADD FOREIGN KEY (device) REFERENCES devices (id);
ALTER TABLE screen_setup ADD FOREIGN KEY (device) REFERENCES devices (id);
ALTER TABLE catalogue_screens ADD FOREIGN KEY (device) REFERENCES devices (id);
ALTER TABLE pods ADD FOREIGN KEY (device) REFERENCES devices (id);
ALTER TABLE stays ADD FOREIGN KEY (device) REFERENCES devices (id);
ALTER TABLE alerts ADD FOREIGN KEY (pod) REFERENCES devices (id);
ALTER TABLE alert_sequences ADD FOREIGN KEY (pod) REFERENCES devices (id);
ALTER TABLE alert_events ADD FOREIGN KEY (alert_id) REFERENCES alerts (id) ON DELETE CASCADE;
ALTER TABLE alert_links ADD FOREIGN KEY (alert_id) REFERENCES alerts (id) ON DELETE CASCADE;
ALTER TABLE outbox_attempts ADD FOREIGN KEY (position) REFERENCES outbox (position) ON DELETE CASCADE;
ALTER TABLE import_steps ADD FOREIGN KEY (import) REFERENCES import_plans (id);
ALTER TABLE catalogue_cuts ADD FOREIGN KEY (digest) REFERENCES catalogue_editions (digest);
ALTER TABLE occupancy_device ADD FOREIGN KEY (device) REFERENCES devices (id);
CREATE INDEX alert_links_of ON alert_links (alert_id);
