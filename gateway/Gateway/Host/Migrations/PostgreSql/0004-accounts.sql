-- The day an account was last used on, and what a person needs to know their sessions by.
ALTER TABLE accounts ADD COLUMN used_on BIGINT;
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
ALTER TABLE sessions ADD COLUMN browser TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Links by which a person chooses a password. Only the secret's digest is here.
CREATE TABLE invitations (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  account TEXT COLLATE "C" NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  replaced_at BIGINT);
CREATE INDEX invitations_account ON invitations (account);
