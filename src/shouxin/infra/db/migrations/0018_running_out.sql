-- The papers of a draw, by kind; cases that become late instead of ending; approved switches that run out.

CREATE TABLE draw_proof (
  customer_id uuid NOT NULL,
  loan_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  kind text,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  PRIMARY KEY (customer_id, loan_id, number),
  FOREIGN KEY (customer_id, loan_id) REFERENCES draw
);
COMMENT ON TABLE draw_proof IS
  'servicing: the hashes of the documents that prove what a draw is for. kind: of the papers that its product names, null where it '
  'names none; append-only';
INSERT INTO draw_proof (customer_id, loan_id, number, sha256)
SELECT customer_id, loan_id, 1, proof FROM draw WHERE proof IS NOT NULL;
ALTER TABLE draw DROP COLUMN proof;
COMMENT ON TABLE draw IS 'servicing: money that is asked for, until it is paid out or has failed; payee is sealed';

GRANT SELECT, INSERT ON draw_proof TO shouxin_app;

-- A dispute has no outcome that nobody decided: its case stays open, and is late.
ALTER TABLE case_file ALTER fallback DROP NOT NULL;
ALTER TABLE case_file ADD COLUMN late date CHECK (late > expires);
UPDATE case_file SET fallback = NULL WHERE kind = 'dispute' AND ended IS NULL;
ALTER TABLE case_file ADD CHECK (late IS NULL OR fallback IS NULL);
COMMENT ON TABLE case_file IS
  'access: what a person has to decide about a customer. subject: a decision, a loan; amount: at stake, 0 where none was named; '
  'expires: the last day on which it can be decided; fallback: the outcome where nobody does, null where it stays open; late: the '
  'day on which it was found that nobody had decided in time, of a case that stays open; maker, checker: who decided, and who '
  'confirmed it; outcome, granted: of the decision, or of the one that waits to be confirmed';
DROP INDEX case_file_due;
CREATE INDEX case_file_due ON case_file (expires, customer_id, case_id)
WHERE status IN ('open', 'taken', 'proposed') AND late IS NULL;
GRANT UPDATE (late) ON case_file TO shouxin_app;
ALTER TABLE case_act DROP CONSTRAINT case_act_act_check;
ALTER TABLE case_act ADD CONSTRAINT case_act_act_check
  CHECK (act IN ('opened', 'taken', 'released', 'proposed', 'sent_back', 'decided', 'expired', 'late'));

ALTER TABLE switch_plan DROP CONSTRAINT switch_plan_status_check;
ALTER TABLE switch_plan ADD CONSTRAINT switch_plan_status_check CHECK (status IN ('approved', 'executed', 'withdrawn', 'lapsed'));
CREATE INDEX switch_plan_standing ON switch_plan (expires, customer_id, plan_id) WHERE status = 'approved';
