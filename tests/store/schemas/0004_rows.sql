INSERT INTO cadence (uid, contact_id, noun, ideal, maximum, owner_id, created_at, updated_at) VALUES ('ca1', 1, 'contact', '6w', '9w', 1, '2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z');
INSERT INTO reminder (user_id, channel, occurrence, subject, due_at, run, status, claimed_at) VALUES (1, 'email', 'f1', 'Call', '2026-01-05T09:00:00Z', 'u1', 'sent', '2026-01-05T09:00:00Z');
INSERT INTO reminder_state (user_id, channel, ran_at, told) VALUES (1, 'email', '2026-01-05T09:00:00Z', 1);
UPDATE followup SET recurrence = 'every week', recurs_from = 'due', series = 'se1', occurs_on = '2026-01-05', workdays = 'AT' WHERE id = 1;
