-- Decisions as they were made: what was known, what was answered, by which rules. Sealed, since both tell of a person.

CREATE TABLE experiment (
  number integer PRIMARY KEY CHECK (number > 0),
  hash bytea NOT NULL REFERENCES bundle,
  since date NOT NULL,
  until date NOT NULL CHECK (until >= since),
  share_ppm integer NOT NULL CHECK (share_ppm BETWEEN 0 AND 500000),
  most integer NOT NULL CHECK (most >= 0),
  decided integer NOT NULL DEFAULT 0 CHECK (decided BETWEEN 0 AND most),
  principal text NOT NULL,
  day date NOT NULL
);
COMMENT ON TABLE experiment IS
  'decisions: challengers of the bundle in force. share_ppm: of the applications that it decides itself, 0 where it only watches; '
  'most: how many at most; decided: how many it has; not customer-owned';

CREATE TABLE decision (
  customer_id uuid NOT NULL REFERENCES customer,
  decision_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('precheck', 'application', 'acceptance', 'switch', 'review', 'shadow')),
  day date NOT NULL,
  principal text NOT NULL,
  bundle bytea NOT NULL REFERENCES bundle,
  engine text NOT NULL,
  facts bytea NOT NULL,
  body bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  follows uuid,
  experiment integer,
  PRIMARY KEY (customer_id, decision_id),
  FOREIGN KEY (customer_id, follows) REFERENCES decision
);
CREATE INDEX decision_id ON decision (decision_id);
CREATE INDEX decision_experiment ON decision (experiment) WHERE experiment IS NOT NULL;
COMMENT ON TABLE decision IS
  'decisions: every answer as it was given; facts and body are sealed, sha256 is over the clear body; follows: the decision that '
  'this one looks at again, or that it watched; append-only';

GRANT SELECT, INSERT ON experiment, decision TO shouxin_app;
GRANT UPDATE (decided, until) ON experiment TO shouxin_app;
