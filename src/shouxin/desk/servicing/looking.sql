-- draws_seen: all draws of the customer, newest first.
SELECT loan_id, facility_id, status, amount, fee, method, months, rate_ppm, purpose, merchant_category, entrusted, rail, asked,
  ended, failure
FROM draw WHERE customer_id = %s ORDER BY asked DESC, loan_id DESC;

-- loans_seen: all loans of the customer, settled ones too, oldest first.
SELECT loan_id, facility_id, product, funders, opened FROM loan WHERE customer_id = %s ORDER BY opened, loan_id;

-- loan_seen: one loan of the customer.
SELECT loan_id, facility_id, product, funders, opened FROM loan WHERE customer_id = %s AND loan_id = %s;

-- events_seen: what happened to the customer and was booked by a day, in the order of booking.
SELECT number, kind, facility_id, loan_id, effective, booked, reason, body FROM event
WHERE customer_id = %s AND booked <= %s ORDER BY number;
