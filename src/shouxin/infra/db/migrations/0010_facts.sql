-- What was known on a day: versions of lines and facilities, schedules, settlements; and the views through which facts are read.
-- `booked` is the day from which something was known: the open day on which it was written.

CREATE TABLE facility_version (
  customer_id uuid NOT NULL,
  facility_id uuid NOT NULL,
  number bigint NOT NULL,
  status text NOT NULL,
  most bigint NOT NULL,
  expires date NOT NULL,
  reason text,
  booked date NOT NULL,
  PRIMARY KEY (customer_id, facility_id, number),
  FOREIGN KEY (customer_id, facility_id) REFERENCES facility
);
COMMENT ON TABLE facility_version IS
  'facilities: status, limit and expiry of a facility since they last changed, by the number of the customer''s event; append-only';

CREATE TABLE line_version (
  customer_id uuid NOT NULL REFERENCES customer_line,
  number bigint NOT NULL,
  total bigint NOT NULL,
  booked date NOT NULL,
  PRIMARY KEY (customer_id, number)
);
COMMENT ON TABLE line_version IS
  'facilities: the total line since it last changed, by the number of the customer''s event; append-only';

CREATE TABLE over_limit (
  customer_id uuid NOT NULL,
  facility_id uuid NOT NULL,
  number bigint NOT NULL,
  since date NOT NULL,
  until date CHECK (until >= since),
  PRIMARY KEY (customer_id, facility_id, number),
  FOREIGN KEY (customer_id, facility_id) REFERENCES facility
);
COMMENT ON TABLE over_limit IS
  'facilities: when more was in use than the facility''s limit; until: the day on whose end it was so no more, null while it lasts';

CREATE TABLE schedule_version (
  customer_id uuid NOT NULL,
  loan_id uuid NOT NULL,
  booked date NOT NULL,
  number bigint NOT NULL,
  monthly bigint NOT NULL CHECK (monthly >= 0),
  instalments smallint[] NOT NULL,
  dues date[] NOT NULL,
  grace_ends date[],
  PRIMARY KEY (customer_id, loan_id, booked, number),
  FOREIGN KEY (customer_id, loan_id) REFERENCES loan
);
COMMENT ON TABLE schedule_version IS
  'servicing: the instalments of a loan that were not settled when its schedule was last made, due and to come. monthly: what '
  'the next one to come takes; grace_ends: null where there is no grace; number: of the customer''s last event then; append-only';

CREATE TABLE settlement (
  customer_id uuid NOT NULL,
  loan_id uuid NOT NULL,
  instalment smallint NOT NULL CHECK (instalment >= 0),
  due date,
  grace_end date,
  amount bigint NOT NULL CHECK (amount >= 0),
  settled date NOT NULL,
  booked date NOT NULL,
  number bigint NOT NULL,
  undone date CHECK (undone >= booked),
  PRIMARY KEY (customer_id, loan_id, instalment, booked, number),
  FOREIGN KEY (customer_id, loan_id) REFERENCES loan,
  CHECK ((instalment = 0) = (due IS NULL) AND (instalment = 0) = (grace_end IS NULL))
) WITH (fillfactor = 90);
COMMENT ON TABLE settlement IS
  'servicing: instalments of which nothing is unpaid any more; instalment 0 is the loan as a whole. settled: the day from which '
  'on that is so; booked: since when it is known; undone: the day on which it was taken back; amount: what fell due with it';

GRANT SELECT, INSERT ON facility_version, line_version, schedule_version TO shouxin_app;
GRANT SELECT, INSERT ON over_limit, settlement TO shouxin_app;
GRANT UPDATE (until) ON over_limit TO shouxin_app;
GRANT UPDATE (undone) ON settlement TO shouxin_app;

-- What the events of a book that is older than these tables tell of its lines. Of its instalments only what is unpaid now is
-- known, and from the open day on.
INSERT INTO line_version (customer_id, number, total, booked)
SELECT customer_id, number, (body ->> 'total')::bigint, booked FROM event JOIN customer_line USING (customer_id)
WHERE kind = 'line.set';

INSERT INTO facility_version (customer_id, facility_id, number, status, most, expires, reason, booked)
SELECT customer_id, facility_id, number, status, most, expires, reason, booked
FROM (
  SELECT e.customer_id, e.facility_id, e.number, e.booked, e.body,
    (SELECT b.body ->> 'status' FROM event AS b WHERE b.customer_id = e.customer_id AND b.facility_id = e.facility_id
      AND b.number <= e.number AND b.kind LIKE 'facility.%' AND b.body ? 'status' ORDER BY b.number DESC LIMIT 1) AS status,
    (SELECT (b.body ->> 'most')::bigint FROM event AS b WHERE b.customer_id = e.customer_id AND b.facility_id = e.facility_id
      AND b.number <= e.number AND b.kind LIKE 'facility.%' AND b.body ? 'most' ORDER BY b.number DESC LIMIT 1) AS most,
    (SELECT (b.body ->> 'expires')::date FROM event AS b WHERE b.customer_id = e.customer_id AND b.facility_id = e.facility_id
      AND b.number <= e.number AND b.kind LIKE 'facility.%' AND b.body ? 'expires' ORDER BY b.number DESC LIMIT 1) AS expires,
    (SELECT b.body ->> 'reason' FROM event AS b WHERE b.customer_id = e.customer_id AND b.facility_id = e.facility_id
      AND b.number <= e.number AND b.kind LIKE 'facility.%' AND b.body ? 'reason' ORDER BY b.number DESC LIMIT 1) AS reason
  FROM event AS e JOIN facility AS f USING (customer_id, facility_id)
  WHERE e.kind LIKE 'facility.%'
) AS told
WHERE body ?| ARRAY['status', 'most', 'expires'];

INSERT INTO over_limit (customer_id, facility_id, number, since)
SELECT customer_id, facility_id, events, day FROM facility JOIN customer USING (customer_id), open_day
WHERE owed + reserved > most;

INSERT INTO schedule_version (customer_id, loan_id, booked, number, monthly, instalments, dues, grace_ends)
SELECT s.customer_id, s.loan_id, day, events,
  CASE WHEN cardinality(due_days) = 0 THEN 0 WHEN level > 0 THEN level ELSE to_come * rate_ppm / 12000000 END,
  ARRAY(SELECT (due ->> 0)::smallint FROM jsonb_array_elements(dues) AS due)
    || ARRAY(SELECT (fallen + place)::smallint FROM generate_series(1, cardinality(due_days)) AS place),
  ARRAY(SELECT (due ->> 1)::date FROM jsonb_array_elements(dues) AS due) || due_days,
  ARRAY(SELECT (due ->> 2)::date FROM jsonb_array_elements(dues) AS due) || coalesce(grace_ends, due_days)
FROM loan_state AS s JOIN customer USING (customer_id), open_day;

INSERT INTO settlement (customer_id, loan_id, instalment, amount, settled, booked, number)
SELECT s.customer_id, s.loan_id, 0, 0, s.settled, day, events FROM loan_state AS s JOIN customer USING (customer_id), open_day
WHERE s.settled IS NOT NULL;

-- The views of facts. Each says what its columns mean; what is not here no account fact reads.

CREATE VIEW facts_facility AS
SELECT customer_id, facility_id, product, pool, leads, opened FROM facility WHERE opened IS NOT NULL;
COMMENT ON VIEW facts_facility IS 'facts: facilities that were ever opened, and what does not change of them';

CREATE VIEW facts_facility_version AS
SELECT customer_id, facility_id, number, status, most, reason, booked FROM facility_version;
COMMENT ON VIEW facts_facility_version IS 'facts: status and limit of a facility from the day `booked` on, until a higher number';

CREATE VIEW facts_line_version AS SELECT customer_id, number, total, booked FROM line_version;
COMMENT ON VIEW facts_line_version IS 'facts: the total line from the day `booked` on, until a higher number';

CREATE VIEW facts_over_limit AS SELECT customer_id, facility_id, since, until FROM over_limit;
COMMENT ON VIEW facts_over_limit IS 'facts: days on which a facility was in use beyond its limit: from `since` to before `until`';

CREATE VIEW facts_draw AS SELECT customer_id, loan_id, facility_id, status, amount, asked, ended FROM draw;
COMMENT ON VIEW facts_draw IS
  'facts: draws by the day on which they were asked; from `ended` on they reserve nothing, and those of status failed have failed';

CREATE VIEW facts_loan AS SELECT customer_id, loan_id, facility_id, opened FROM loan;
COMMENT ON VIEW facts_loan IS 'facts: loans by the day of their payout';

CREATE VIEW facts_schedule AS
SELECT customer_id, loan_id, booked, number, monthly, instalments, dues, coalesce(grace_ends, dues) AS grace_ends
FROM schedule_version;
COMMENT ON VIEW facts_schedule IS 'facts: the unsettled instalments of a loan from the day `booked` on, until a later version';

CREATE VIEW facts_settlement AS
SELECT customer_id, loan_id, instalment, due, grace_end, amount, settled, booked, undone FROM settlement;
COMMENT ON VIEW facts_settlement IS
  'facts: instalments that are settled, known from `booked` on and, where it is not null, before `undone`; 0 is the whole loan';

CREATE VIEW facts_principal AS
SELECT customer_id, facility_id, loan_id, booked,
  CASE WHEN kind = 'loan.paid_out' THEN (body -> 'agreement' ->> 'principal')::bigint
    ELSE coalesce((body -> 'changed' ->> 'capitalised')::bigint, 0)
      - coalesce((body -> 'changed' ->> 'principal_repaid')::bigint, 0)
      - coalesce((body -> 'changed' ->> 'written_off_principal')::bigint, 0) END AS principal
FROM event WHERE kind LIKE 'loan.%';
COMMENT ON VIEW facts_principal IS 'facts: by how much each event changed the principal that is owed; of a facility, known from `booked` on';

CREATE VIEW facts_misuse AS
SELECT customer_id, loan_id, number, booked FROM event WHERE kind = 'loan.rate_changed' AND reason = 'MISUSE';
COMMENT ON VIEW facts_misuse IS 'facts: findings that the money of a loan was misused';

CREATE VIEW facts_reversal AS
SELECT customer_id, loan_id, (body ->> 'reverses')::bigint AS reverses, booked FROM event WHERE kind = 'loan.reversed';
COMMENT ON VIEW facts_reversal IS 'facts: events of loans that were reversed, by their numbers';

CREATE VIEW facts_refused_draw AS
SELECT customer_id, day FROM request
WHERE NOT (answer ->> 'done')::boolean AND answer -> 'body' ->> 'code' = 'DrawExceedsHeadroom';
COMMENT ON VIEW facts_refused_draw IS 'facts: draws that were refused since they exceeded the headroom; answers are kept 400 days';

GRANT SELECT ON facts_facility, facts_facility_version, facts_line_version, facts_over_limit, facts_draw, facts_loan,
  facts_schedule, facts_settlement, facts_principal, facts_misuse, facts_reversal, facts_refused_draw TO shouxin_app;
