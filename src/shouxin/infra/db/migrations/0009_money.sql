-- Money that comes in: from the lender's bank statements, and by auto-debit.

CREATE TABLE statement_line (
  source text NOT NULL CHECK (length(source) BETWEEN 1 AND 60),
  reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 120),
  day date NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  status text NOT NULL CHECK (status IN ('matched', 'suspense', 'resolved')),
  customer_id uuid,
  booked date NOT NULL,
  PRIMARY KEY (source, reference)
);
COMMENT ON TABLE statement_line IS
  'servicing: lines of bank statements by the bank''s reference, each booked once; in suspense until a customer is found; not customer-owned';

CREATE TABLE mandate (
  customer_id uuid NOT NULL REFERENCES customer,
  mandate_id uuid NOT NULL,
  account bytea NOT NULL,
  since date NOT NULL,
  ended date,
  PRIMARY KEY (customer_id, mandate_id)
);
CREATE UNIQUE INDEX mandate_one ON mandate (customer_id) WHERE ended IS NULL;
COMMENT ON TABLE mandate IS 'servicing: accounts from which a customer lets us debit what is due; sealed';

CREATE TABLE debit (
  customer_id uuid NOT NULL,
  day date NOT NULL,
  mandate_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  attempt smallint NOT NULL CHECK (attempt > 0),
  status text NOT NULL CHECK (status IN ('instructed', 'paid', 'failed')),
  again date,
  why text,
  PRIMARY KEY (customer_id, day),
  FOREIGN KEY (customer_id, mandate_id) REFERENCES mandate
);
CREATE INDEX debit_open ON debit (day) WHERE status = 'instructed';
COMMENT ON TABLE debit IS 'servicing: auto-debits, at most one for each customer and day; again: when a failed one is tried again';

GRANT SELECT, INSERT, UPDATE ON statement_line, mandate, debit TO shouxin_app;
