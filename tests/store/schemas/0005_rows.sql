INSERT INTO erasure (uid, record_id, erased_at, actor, reason) VALUES ('er1', 9, '2026-01-05T09:00:00Z', 'ada', 'asked');
INSERT INTO suppression (kind, digest, erasure_id, created_at) VALUES ('email', 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 1, '2026-01-05T09:00:00Z');
INSERT INTO upkeep (kind, at, detail) VALUES ('backup', '2026-01-05T09:00:00Z', 'crm.db.bak');
UPDATE operation SET digest = '56906a33c07cd6ee43eff755370d260925b8ca1c0b75754019b2f2043fdde0f6', seal = '1476347335b8b192d3c97ef702b539d7447f7438f7322a1c7ec417a98d89a79e' WHERE id = 1;
UPDATE operation SET digest = 'ee6b47f19b83293d7f239267f545e707185f51f6ed8ef8c895267e1a365099c2', seal = '5685745664217f79b94090af519c9f1d1ad4a0db86f12d70f00cad0c21dd6369' WHERE id = 2;
UPDATE change SET salt = '604cc86b7fb0c3e9' WHERE id = 1;
UPDATE change SET salt = '53783cd573a1d29b' WHERE id = 2;
