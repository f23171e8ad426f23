-- customers: in the order in which they were made.
SELECT customer_id FROM customer_line ORDER BY customer_id;

-- lines_told: each line as it was opened.
INSERT INTO facility_version (customer_id, facility_id, number, status, most, expires, booked)
SELECT customer_id, facility_id, 1, 'active', most, expires, opened FROM facility;

-- totals_told: each total line likewise.
INSERT INTO line_version (customer_id, number, total, booked) SELECT customer_id, 1, total, '2025-01-01' FROM customer_line;

-- schedules_told: the schedule of each loan as it was paid out.
INSERT INTO schedule_version (customer_id, loan_id, booked, number, monthly, instalments, dues)
SELECT customer_id, loan_id, opened, 1, level, ARRAY(SELECT generate_series(1, months)::smallint),
  ARRAY(SELECT (opened + place * interval '1 month')::date FROM generate_series(1, months) AS place)
FROM (SELECT *, (agreement ->> 'periods')::int AS months FROM loan JOIN loan_state USING (customer_id, loan_id)) AS loans;

-- settlements_told: what fell due and is not unpaid was paid on its due day.
INSERT INTO settlement (customer_id, loan_id, instalment, due, grace_end, amount, settled, booked, number)
SELECT customer_id, loan_id, place, due, due, level, due, due, 2
FROM (
  SELECT customer_id, loan_id, level, place, (opened + place * interval '1 month')::date AS due
  FROM loan JOIN loan_state USING (customer_id, loan_id) CROSS JOIN generate_series(1, fallen) AS place
  WHERE place NOT IN (SELECT (each ->> 0)::int FROM jsonb_array_elements(dues) AS each)
) AS paid;

-- vacuumed: as autovacuum leaves it.
VACUUM ANALYZE;
