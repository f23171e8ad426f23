-- What was reported to the credit bureau: so that a record which has changed since is known, and is corrected.

CREATE TABLE bureau_record (
  customer_id uuid NOT NULL REFERENCES customer,
  account_id uuid NOT NULL,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  number integer NOT NULL CHECK (number > 0),
  file date NOT NULL CHECK (extract(day FROM file) = 1 AND file >= month),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  booked date NOT NULL,
  PRIMARY KEY (customer_id, account_id, month, number),
  UNIQUE (customer_id, account_id, month, file),
  CONSTRAINT bureau_record_own_is_first CHECK (file > month OR number = 1)
);
COMMENT ON TABLE bureau_record IS
  'servicing: each record of an account and a month that a file for the bureau has. number: 1 the first, then its corrections; file: '
  'the month of the file; sha256: over what the record says of the account; append-only';

CREATE TABLE bureau_file (
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  number integer NOT NULL CHECK (number > 0),
  day date NOT NULL,
  principal text NOT NULL,
  records bigint NOT NULL CHECK (records >= 0),
  corrections bigint NOT NULL CHECK (corrections >= 0),
  withheld bigint NOT NULL CHECK (withheld >= 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  PRIMARY KEY (month, number)
);
COMMENT ON TABLE bureau_file IS
  'servicing: the files for the bureau by month, one row for each content that there was; append-only, not customer-owned';

GRANT SELECT, INSERT ON bureau_record, bureau_file TO shouxin_app;
