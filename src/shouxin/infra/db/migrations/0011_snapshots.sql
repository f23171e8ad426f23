-- What others said about customers: each answer of a source as a whole, sealed, with the day that it speaks of and the day on
-- which it became known here.

CREATE TABLE snapshot (
  customer_id uuid NOT NULL REFERENCES customer,
  number bigint NOT NULL CHECK (number > 0),
  source text NOT NULL,
  observed date NOT NULL,
  booked date NOT NULL CHECK (booked >= observed),
  bundle bytea NOT NULL REFERENCES bundle,
  consent bigint,
  file bytea CHECK (length(file) = 32),
  sealed bytea NOT NULL,
  PRIMARY KEY (customer_id, number),
  FOREIGN KEY (customer_id, consent) REFERENCES consent (customer_id, number)
);
CREATE UNIQUE INDEX snapshot_file ON snapshot (customer_id, source, file) WHERE file IS NOT NULL;
COMMENT ON TABLE snapshot IS
  'facts: what a source said of a customer, sealed, numbered by its event. observed: the day it speaks of; booked: since when it '
  'is known; bundle: whose catalogue typed it; consent: the one it stands on; file: hash of what it was loaded from; append-only';

GRANT SELECT, INSERT ON snapshot TO shouxin_app;
