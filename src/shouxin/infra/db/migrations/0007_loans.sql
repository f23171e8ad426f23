-- Draws and loans. A loan has the id of its draw. What a loan is, is the fold of its events; `loan_state` keeps the result.

CREATE TABLE draw (
  customer_id uuid NOT NULL,
  loan_id uuid NOT NULL,
  facility_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('reserved', 'instructed', 'paid', 'failed')),
  amount bigint NOT NULL CHECK (amount > 0),
  fee bigint NOT NULL CHECK (fee >= 0 AND fee < amount),
  method text NOT NULL,
  months integer NOT NULL CHECK (months > 0),
  rate_ppm integer NOT NULL,
  purpose text NOT NULL,
  merchant_category text,
  entrusted boolean NOT NULL,
  payee bytea,
  proof bytea,
  disclosure uuid NOT NULL,
  contract uuid NOT NULL,
  rail text NOT NULL,
  asked date NOT NULL,
  ended date,
  failure text,
  PRIMARY KEY (customer_id, loan_id),
  FOREIGN KEY (customer_id, facility_id) REFERENCES facility
) WITH (fillfactor = 80);
CREATE INDEX draw_open ON draw (asked) WHERE status IN ('reserved', 'instructed');
COMMENT ON TABLE draw IS 'servicing: money that is asked for, until it is paid out or has failed; payee is sealed, proof is the hash of a document';

CREATE TABLE loan (
  customer_id uuid NOT NULL,
  loan_id uuid NOT NULL,
  facility_id uuid NOT NULL,
  product text NOT NULL,
  bundle bytea NOT NULL REFERENCES bundle,
  agreement jsonb NOT NULL,
  funders jsonb NOT NULL,
  opened date NOT NULL,
  PRIMARY KEY (customer_id, loan_id),
  FOREIGN KEY (customer_id, facility_id) REFERENCES facility
);
COMMENT ON TABLE loan IS 'servicing: what does not change of a loan: terms, and who lends the money, in millionths';

CREATE TABLE loan_state (
  customer_id uuid NOT NULL,
  loan_id uuid NOT NULL,
  product text NOT NULL,
  on_day date NOT NULL,
  turn date,
  pending date,
  touched date NOT NULL,
  rate_ppm integer NOT NULL,
  extra_ppm integer NOT NULL,
  year_days smallint NOT NULL,
  to_come bigint NOT NULL,
  due_principal bigint NOT NULL,
  due_interest bigint NOT NULL,
  late_principal bigint NOT NULL,
  oldest_late date,
  fees bigint NOT NULL,
  accrued bigint NOT NULL,
  raised bigint NOT NULL,
  penalty bigint NOT NULL,
  level bigint NOT NULL,
  fallen integer NOT NULL,
  from_day date,
  due_days date[] NOT NULL,
  grace_ends date[],
  principals bigint[] NOT NULL,
  dues jsonb NOT NULL,
  paid_out bigint NOT NULL,
  principal_repaid bigint NOT NULL,
  interest_raised bigint NOT NULL,
  interest_paid bigint NOT NULL,
  penalty_paid bigint NOT NULL,
  fees_raised bigint NOT NULL,
  fees_paid bigint NOT NULL,
  capitalised bigint NOT NULL,
  written_off_principal bigint NOT NULL,
  written_off_interest bigint NOT NULL,
  written_off_penalty bigint NOT NULL,
  written_off_fees bigint NOT NULL,
  recovered bigint NOT NULL,
  overpaid bigint NOT NULL,
  settled date,
  written_off date,
  rare jsonb,
  PRIMARY KEY (customer_id, loan_id),
  FOREIGN KEY (customer_id, loan_id) REFERENCES loan
) WITH (fillfactor = 60);
CREATE INDEX loan_state_turn ON loan_state (turn) INCLUDE (customer_id) WHERE turn IS NOT NULL;
CREATE INDEX loan_state_pending ON loan_state (pending) WHERE pending IS NOT NULL;
COMMENT ON TABLE loan_state IS
  'servicing: each loan as the fold of its events, on on_day. turn: the next day on which more happens than that interest is '
  'earned; pending: the day of an event that is booked and not yet effective; touched: the last day on which a command '
  'changed it; rare: what SQL does not roll forward, null for most loans';

GRANT SELECT, INSERT, UPDATE ON draw, loan_state TO shouxin_app;
GRANT SELECT, INSERT ON loan TO shouxin_app;
