-- Who is told what, and what was shown; background work; who may do what, and who looked at what.

ALTER TABLE outbox ADD COLUMN trouble text;
CREATE INDEX outbox_next_try ON outbox (next_try);
COMMENT ON COLUMN outbox.next_try IS 'not before this is the customer looked at: the end of a lease, or of the pause after a failure';
COMMENT ON COLUMN outbox.trouble IS 'why the last try failed';

CREATE TABLE notice (
  customer_id uuid NOT NULL REFERENCES customer,
  kind text NOT NULL,
  about uuid NOT NULL,
  on_day date NOT NULL,
  lang text NOT NULL DEFAULT 'zh' CHECK (lang IN ('zh', 'en')),
  facts jsonb NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'expired', 'unreachable', 'withheld')),
  failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  next_try timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (customer_id, kind, about, on_day)
) WITH (fillfactor = 80);
CREATE INDEX notice_waiting ON notice (next_try) WHERE status = 'waiting';
COMMENT ON TABLE notice IS
  'messages: what a customer is to be told about a loan, a facility or themselves; facts fill the text and hold no personal data';

CREATE TABLE notice_attempt (
  customer_id uuid NOT NULL,
  kind text NOT NULL,
  about uuid NOT NULL,
  on_day date NOT NULL,
  attempt integer NOT NULL CHECK (attempt > 0),
  step text NOT NULL CHECK (step IN ('begun', 'delivered', 'failed')),
  at timestamptz NOT NULL,
  local_day date NOT NULL,
  contact bigint,
  detail text,
  PRIMARY KEY (customer_id, kind, about, on_day, attempt, step),
  FOREIGN KEY (customer_id, kind, about, on_day) REFERENCES notice
);
CREATE INDEX notice_attempt_day ON notice_attempt (customer_id, local_day);
COMMENT ON TABLE notice_attempt IS
  'messages: each try to tell a customer something, and how it ended; contact is the number of the contact used; append-only';

CREATE TABLE document (
  customer_id uuid NOT NULL REFERENCES customer,
  document_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('disclosure', 'contract', 'settlement_certificate', 'other')),
  about uuid,
  lang text NOT NULL CHECK (lang IN ('zh', 'en')),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  sealed bytea NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (customer_id, document_id)
);
ALTER TABLE document ALTER sealed SET STORAGE EXTERNAL; -- it is compressed before it is sealed
COMMENT ON TABLE document IS
  'messages: what was shown to a customer or signed, sealed; sha256 is of the clear text, about the loan; append-only';

CREATE TABLE job_run (
  name text NOT NULL,
  key text NOT NULL,
  holder uuid NOT NULL,
  attempts integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
  started timestamptz NOT NULL,
  heartbeat timestamptz NOT NULL,
  ended timestamptz,
  outcome text CHECK (outcome IN ('done', 'failed')),
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (name, key),
  CHECK ((ended IS NULL) = (outcome IS NULL))
);
COMMENT ON TABLE job_run IS
  'messages: work that is done once for a key, such as the close of a day; detail is how far it got; not customer-owned';

CREATE TABLE principal (
  name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 100),
  kind text NOT NULL CHECK (kind IN ('person', 'service')),
  roles text[] NOT NULL,
  active boolean NOT NULL,
  since date NOT NULL
);
COMMENT ON TABLE principal IS 'access: who may act for the lender, in which roles; each change is in audit; not customer-owned';

CREATE TABLE audit (
  customer_id uuid NOT NULL,
  audit_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  day date NOT NULL,
  principal text NOT NULL,
  action text NOT NULL,
  about text,
  detail jsonb NOT NULL,
  sealed bytea,
  PRIMARY KEY (customer_id, audit_id)
);
CREATE INDEX audit_day ON audit USING brin (day) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON TABLE audit IS
  'access: who looked at or changed what, the nil customer where it is the house''s; sealed holds what is personal; append-only';

GRANT SELECT, INSERT, UPDATE ON notice, job_run, principal TO shouxin_app;
GRANT SELECT, INSERT ON notice_attempt, document, audit TO shouxin_app;
