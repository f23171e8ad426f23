-- The ledger: accounts, postings, business days, and the seals over days that are over.

CREATE TABLE account (
  account text PRIMARY KEY,
  code text NOT NULL,
  product text,
  part text, -- a bucket or a class
  CONSTRAINT account_named CHECK (account = code || coalesce('.' || product, '') || coalesce('.' || part, ''))
);
COMMENT ON TABLE account IS 'ledger: the accounts that are open, made from the chart; not customer-owned';

CREATE TABLE posting (
  customer_id uuid NOT NULL,
  journal bigint NOT NULL CHECK (journal > 0),
  line smallint NOT NULL CHECK (line > 0),
  -- Both stand in `account`, from which nothing is ever removed: the statement that posts takes them from there. A foreign key
  -- would lock a few rows that every journal shares, and a quarter of all throughput goes into that (docs/decisions/0016).
  debit text NOT NULL,
  credit text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency char(3) NOT NULL,
  book_date date NOT NULL,
  value_date date NOT NULL,
  loan_id uuid,
  reverses bigint,
  PRIMARY KEY (customer_id, journal, line),
  CONSTRAINT posting_two_accounts CHECK (debit <> credit),
  CONSTRAINT posting_reverses_earlier CHECK (reverses BETWEEN 1 AND journal - 1)
);
CREATE INDEX posting_booked ON posting USING brin (book_date) WITH (pages_per_range = 32, autosummarize = on);
CREATE UNIQUE INDEX posting_reversed ON posting (customer_id, reverses, line) WHERE reverses IS NOT NULL; -- once only
COMMENT ON TABLE posting IS
  'ledger: one debit and one credit; the event with the same customer and number heads the journal; append-only';

CREATE TABLE open_day (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  day date NOT NULL,
  since date NOT NULL,
  CONSTRAINT open_day_not_before_first CHECK (day >= since)
);
COMMENT ON TABLE open_day IS 'ledger: the business day on which everything is booked, and the first there was; not customer-owned';

CREATE TABLE closed_day (
  day date PRIMARY KEY,
  closed_at timestamptz NOT NULL,
  previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  rows bigint NOT NULL CHECK (rows >= 0),
  key_id text NOT NULL,
  signature bytea NOT NULL
);
COMMENT ON TABLE closed_day IS 'ledger: days that are over, each chained to the one before it and signed; append-only, not customer-owned';

CREATE TABLE closed_balance (
  day date NOT NULL REFERENCES closed_day DEFERRABLE INITIALLY DEFERRED,
  account text NOT NULL REFERENCES account,
  debits numeric(30, 0) NOT NULL CHECK (debits >= 0),
  credits numeric(30, 0) NOT NULL CHECK (credits >= 0),
  PRIMARY KEY (day, account)
);
COMMENT ON TABLE closed_balance IS
  'ledger: all debits and credits of an account up to the end of a day; append-only, not customer-owned';

CREATE TABLE sealed (
  day date NOT NULL REFERENCES closed_day DEFERRABLE INITIALLY DEFERRED,
  part integer NOT NULL CHECK (part >= 0),
  rows bytea NOT NULL,
  PRIMARY KEY (day, part)
);
ALTER TABLE sealed ALTER rows SET STORAGE EXTERNAL; -- hashes do not compress
COMMENT ON TABLE sealed IS
  'ledger: key and hash of each event and posting of a closed day, at most 10,000 to a part; append-only, not customer-owned';

GRANT SELECT, INSERT ON account, posting, closed_day, closed_balance, sealed TO shouxin_app;
GRANT SELECT, INSERT, UPDATE ON open_day TO shouxin_app;
