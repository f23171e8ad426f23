-- The row that every command holds first. Personal data stand elsewhere (0004).

CREATE TABLE customer (
  customer_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('house', 'person', 'sole_trader', 'company')),
  state text NOT NULL DEFAULT 'normal' CHECK (state IN ('normal', 'frozen', 'deceased', 'insolvent')),
  events bigint NOT NULL DEFAULT 0 CHECK (events >= 0),
  since date NOT NULL
) WITH (fillfactor = 80);
COMMENT ON TABLE customer IS 'customers: one row for each customer, and the counter of its events; the nil customer is the house';

INSERT INTO customer (customer_id, kind, since) VALUES ('00000000-0000-0000-0000-000000000000', 'house', '0001-01-01');

GRANT SELECT, INSERT, UPDATE ON customer TO shouxin_app;
