-- The day an account was last used on, and what a person needs to know their sessions by.
ALTER TABLE accounts ADD COLUMN used_on INTEGER;
ALTER TABLE sessions ADD COLUMN seen_at INTEGER;
ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';

-- Links by which a person chooses a password. Only the secret's digest is here.
CREATE TABLE invitations (
  digest TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  replaced_at INTEGER);
CREATE INDEX invitations_account ON invitations (account);
