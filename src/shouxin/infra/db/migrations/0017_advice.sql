-- How often advice was asked for: what-ifs, remedies and answers are counted by customer and day.

CREATE TABLE advice_use (
  customer_id uuid NOT NULL REFERENCES customer,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('whatif', 'remedies', 'answers')),
  used integer NOT NULL CHECK (used > 0),
  PRIMARY KEY (customer_id, day, kind)
);
COMMENT ON TABLE advice_use IS 'advice: how often advice of a kind was asked for about a customer on a business day';

GRANT SELECT, INSERT ON advice_use TO shouxin_app;
GRANT UPDATE (used) ON advice_use TO shouxin_app;
