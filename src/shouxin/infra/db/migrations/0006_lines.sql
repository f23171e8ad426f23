-- Stored policy bundles, the customer's total line, and the facilities below it. Amounts are minor units, rates ppm a year.

CREATE TABLE bundle (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  name text NOT NULL,
  version text NOT NULL,
  texts jsonb NOT NULL,
  stored date NOT NULL
);
COMMENT ON TABLE bundle IS 'products: the files of every policy bundle that was ever in force, by content hash; not customer-owned';

CREATE TABLE activation (
  number integer PRIMARY KEY CHECK (number > 0),
  since date NOT NULL,
  hash bytea NOT NULL REFERENCES bundle,
  principal text NOT NULL,
  day date NOT NULL
);
COMMENT ON TABLE activation IS 'products: which bundle holds from which day on; the last row for a day counts; not customer-owned';

CREATE TABLE customer_line (
  customer_id uuid PRIMARY KEY REFERENCES customer,
  total bigint NOT NULL CHECK (total >= 0),
  owed bigint NOT NULL DEFAULT 0 CHECK (owed >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  credit bigint NOT NULL DEFAULT 0 CHECK (credit >= 0)
) WITH (fillfactor = 80);
COMMENT ON TABLE customer_line IS 'facilities: the total line; owed and reserved over all facilities; credit is what the customer has paid too much';

CREATE TABLE facility (
  customer_id uuid NOT NULL REFERENCES customer_line,
  facility_id uuid NOT NULL,
  product text NOT NULL,
  bundle bytea NOT NULL REFERENCES bundle,
  pool text,
  leads boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('offered', 'active', 'suspended', 'closing', 'closed')),
  most bigint NOT NULL CHECK (most >= 0),
  rate_ppm integer NOT NULL CHECK (rate_ppm >= 0),
  terms jsonb NOT NULL,
  owed bigint NOT NULL DEFAULT 0 CHECK (owed >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  loans integer NOT NULL DEFAULT 0 CHECK (loans >= 0),
  offered date NOT NULL,
  opened date,
  expires date NOT NULL,
  used date,
  ended date,
  reason text,
  PRIMARY KEY (customer_id, facility_id),
  CHECK (status NOT IN ('offered', 'closed') OR (owed = 0 AND reserved = 0 AND loans = 0)),
  CHECK ((status = 'closed') = (ended IS NOT NULL))
) WITH (fillfactor = 70);
-- One that is closing stands beside a new one where the repayment that had closed it bounced.
CREATE UNIQUE INDEX facility_one_open ON facility (customer_id, product) WHERE status IN ('offered', 'active', 'suspended');
CREATE INDEX facility_expires ON facility (expires) WHERE status <> 'closed';
COMMENT ON TABLE facility IS
  'facilities: a line under one product. most: its limit; loans: how many are not settled; '
  'used: the last day on which it was drawn or repaid; reason: of its last change';

GRANT SELECT, INSERT ON bundle, activation TO shouxin_app;
GRANT SELECT, INSERT, UPDATE ON customer_line, facility TO shouxin_app;
