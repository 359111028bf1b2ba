INSERT INTO attachment (uid, interaction_id, name, media_type, size, digest) VALUES ('a1', 1, 'plan.pdf', 'application/pdf', 4, 'd1');
INSERT INTO attachment_content (digest, content) VALUES ('d1', 'cGxhbg==');
INSERT INTO distinct_pair (noun, first_id, second_id, decided_at) VALUES ('contact', 1, 2, '2026-01-05T09:00:00Z');
INSERT INTO extra_property (contact_id, name, line) VALUES (1, 'X-SHIP', 'X-SHIP:12');
INSERT INTO import_map (name, format, mapping, created_at, updated_at) VALUES ('fair', 'csv', '{}', '2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z');
INSERT INTO import_run (run, operation_id, format, name, started_at, total, created) VALUES ('r1', 1, 'csv', 'people.csv', '2026-01-05T09:00:00Z', 1, 1);
INSERT INTO merged_record (noun, record_id, kept_id) VALUES ('contact', 9, 1);
INSERT INTO message (interaction_id, thread, quoted) VALUES (1, 't1', '> Asked');
INSERT INTO source_record (digest, operation_id) VALUES ('s1', 1);
