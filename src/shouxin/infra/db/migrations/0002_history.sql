-- What was asked and answered, and what happened: the two tables that every command writes.

CREATE TABLE request (
  customer_id uuid NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
  hash bytea NOT NULL,
  principal text NOT NULL,
  answer jsonb NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (customer_id, key)
);
COMMENT ON TABLE request IS 'access: answers by idempotency key, refusals included; kept 400 days';

CREATE TABLE event (
  customer_id uuid NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  kind text NOT NULL,
  facility_id uuid,
  loan_id uuid,
  effective date NOT NULL,
  booked date NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  principal text NOT NULL,
  reason text,
  body jsonb NOT NULL,
  PRIMARY KEY (customer_id, number)
);
CREATE INDEX event_booked ON event USING brin (booked) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON TABLE event IS 'messages: everything that happened to a customer, numbered without gaps; append-only, no personal data';

CREATE TABLE outbox (
  customer_id uuid PRIMARY KEY,
  sent bigint NOT NULL,
  leased_until timestamptz,
  leased_by text,
  failures integer NOT NULL DEFAULT 0,
  next_try timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE outbox IS 'messages: customers with events that were not yet told; one lease for each customer keeps their order';

GRANT SELECT, INSERT ON request, event TO shouxin_app;
GRANT DELETE ON request TO shouxin_app; -- after 400 days; never an update
GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO shouxin_app;
