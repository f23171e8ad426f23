-- Cases: what a person has to decide, who works on it, and all that was done about it.

CREATE TABLE case_file (
  customer_id uuid NOT NULL REFERENCES customer,
  case_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('referral', 'contest', 'dispute', 'overlay')),
  queue text NOT NULL,
  subject uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  lang text NOT NULL CHECK (lang IN ('zh', 'en')),
  opened date NOT NULL,
  expires date NOT NULL CHECK (expires >= opened),
  fallback text NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'taken', 'proposed', 'decided', 'expired')),
  taken_by text,
  maker text,
  checker text CHECK (checker <> maker),
  outcome text,
  granted bigint CHECK (granted > 0),
  ended date CHECK (ended >= opened),
  acts integer NOT NULL CHECK (acts > 0),
  PRIMARY KEY (customer_id, case_id),
  CHECK ((ended IS NULL) = (status IN ('open', 'taken', 'proposed'))),
  CHECK ((outcome IS NULL) = (status IN ('open', 'taken'))),
  CHECK ((maker IS NULL) = (status IN ('open', 'taken', 'expired'))),
  CHECK (status <> 'taken' OR taken_by IS NOT NULL),
  CHECK (taken_by IS NULL OR status IN ('taken', 'proposed'))
) WITH (fillfactor = 80);
CREATE INDEX case_file_id ON case_file (case_id);
CREATE INDEX case_file_waiting ON case_file (queue, expires, case_id) WHERE status IN ('open', 'taken', 'proposed');
CREATE INDEX case_file_due ON case_file (expires, customer_id, case_id) WHERE status IN ('open', 'taken', 'proposed');
COMMENT ON TABLE case_file IS
  'access: what a person has to decide about a customer. subject: a decision, a loan; amount: at stake, 0 where none was named; '
  'expires: the last day on which it can be decided; fallback: the outcome where nobody does; maker, checker: who decided, and '
  'who confirmed it; outcome, granted: of the decision, or of the one that waits to be confirmed';

CREATE TABLE case_act (
  customer_id uuid NOT NULL,
  case_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  act text NOT NULL CHECK (act IN ('opened', 'taken', 'released', 'proposed', 'sent_back', 'decided', 'expired')),
  principal text NOT NULL,
  day date NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  outcome text,
  granted bigint,
  sealed bytea,
  PRIMARY KEY (customer_id, case_id, number),
  FOREIGN KEY (customer_id, case_id) REFERENCES case_file
);
COMMENT ON TABLE case_act IS
  'access: everything that was done about a case, numbered without gaps; sealed is the reason in the words of who gave it; '
  'append-only';

GRANT SELECT, INSERT ON case_file, case_act TO shouxin_app;
GRANT UPDATE (status, taken_by, maker, checker, outcome, granted, ended, acts) ON case_file TO shouxin_app;
