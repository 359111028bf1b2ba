CREATE TABLE erasure ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, record_id INTEGER NOT NULL, erased_at TEXT NOT NULL, actor TEXT NOT NULL, reason TEXT, CONSTRAINT ck_erasure_uid CHECK (length(uid) <= 36), CONSTRAINT ck_erasure_erased_at CHECK (length(erased_at) = 20 and erased_at like '____-__-__T__:__:__Z'), CONSTRAINT ck_erasure_actor CHECK (length(actor) <= 200), CONSTRAINT ck_erasure_reason CHECK (length(reason) <= 200) ) STRICT;
CREATE INDEX ix_erasure_record ON erasure (record_id);
CREATE UNIQUE INDEX ux_erasure_uid ON erasure (uid);
CREATE TABLE upkeep ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, detail TEXT, CONSTRAINT ck_upkeep_kind CHECK (kind in ('backup', 'verify', 'vacuum')), CONSTRAINT ck_upkeep_at CHECK (length(at) = 20 and at like '____-__-__T__:__:__Z'), CONSTRAINT ck_upkeep_detail CHECK (length(detail) <= 1000) ) STRICT;
CREATE UNIQUE INDEX ux_upkeep_kind ON upkeep (kind);
CREATE TABLE suppression ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, digest TEXT NOT NULL, erasure_id INTEGER, created_at TEXT NOT NULL, CONSTRAINT fk_suppression_erasure_id FOREIGN KEY(erasure_id) REFERENCES erasure (id), CONSTRAINT ck_suppression_kind CHECK (kind in ('uid', 'email', 'phone', 'external', 'name')), CONSTRAINT ck_suppression_created_at CHECK (length(created_at) = 20 and created_at like '____-__-__T__:__:__Z') ) STRICT;
CREATE INDEX ix_suppression_erasure ON suppression (erasure_id);
CREATE UNIQUE INDEX ux_suppression_digest ON suppression (digest);
