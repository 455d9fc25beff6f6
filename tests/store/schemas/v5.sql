BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'attendant','v1_calls_diary_messages','2026-11-21 22:16:25.174426+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'attendant','v2_staff_resources_history','2026-11-21 22:16:25.178878+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'attendant','v3_outbox','2026-11-21 22:16:25.179503+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'attendant','v4_sync','2026-11-21 22:16:25.181543+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'attendant','v5_records','2026-11-21 22:16:25.184903+00:00');
CREATE TABLE appointment_changes (
        change_id INTEGER PRIMARY KEY,
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        sequence INTEGER NOT NULL,
        changed_at TEXT, -- unknown for what was agreed before there was a history
        call_id TEXT NOT NULL, -- where it was agreed; empty: at the desk
        starts_minute INTEGER NOT NULL,
        ends_minute INTEGER NOT NULL,
        staff TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "appointment_changes" VALUES(1,'a1','agreed',0,'2026-11-21T19:00:00.000000+00:00','c1',29924340,29924370,'');
CREATE TABLE appointments (
        appointment_id TEXT PRIMARY KEY,
        call_id TEXT NOT NULL,
        service TEXT NOT NULL,
        starts_minute INTEGER NOT NULL, -- since 1970 UTC
        ends_minute INTEGER NOT NULL,
        timezone TEXT NOT NULL, -- the office's, when it was booked
        name TEXT NOT NULL,
        phone TEXT NOT NULL
    , staff TEXT NOT NULL DEFAULT '', asked_for TEXT NOT NULL DEFAULT '', standing TEXT NOT NULL DEFAULT 'agreed', sequence INTEGER NOT NULL DEFAULT 0) STRICT
    ;
INSERT INTO "appointments" VALUES('a1','c1','oil_change',29924340,29924370,'America/Denver','Bo Berg','+13035550123','','','agreed',0);
CREATE TABLE busy_times (
        calendar TEXT NOT NULL REFERENCES calendars(name) ON DELETE CASCADE,
        starts_minute INTEGER NOT NULL,
        ends_minute INTEGER NOT NULL,
        summary TEXT NOT NULL
    ) STRICT
    ;
CREATE TABLE calendars (
        name TEXT PRIMARY KEY,
        what TEXT NOT NULL, -- whom it keeps busy, as in claims; empty: the whole business
        imported_at TEXT NOT NULL,
        until_minute INTEGER NOT NULL -- events that recur were followed up to here
    ) STRICT, WITHOUT ROWID
    ;
CREATE VIRTUAL TABLE call_words USING fts5(
        words, marks, content = 'spoken', content_rowid = 'number', prefix = '2',
        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
    );
CREATE TABLE calls (
        call_id TEXT PRIMARY KEY,
        caller TEXT NOT NULL,
        called TEXT NOT NULL,
        offered_at TEXT NOT NULL,
        answered_at TEXT,
        ended_at TEXT,
        disposition TEXT NOT NULL,
        recording TEXT,
        versions TEXT NOT NULL, -- JSON object
        quality TEXT -- JSON object, LineQuality
    , summary TEXT, slots TEXT NOT NULL DEFAULT '{}') STRICT
    ;
INSERT INTO "calls" VALUES('c1','+13035550123','100','2026-11-21T19:00:00.000000+00:00','2026-11-21T19:00:00.000000+00:00','2026-11-21T19:01:00.000000+00:00','booked','recordings/c1.flac','{"attendant":"0.1.0"}','{"codec":"PCMU","packets_received":3000,"packets_lost":2,"jitter_ms":1.5,"erle_db":30.0,"frames_dropped":0,"tick_late_p50_ms":0.0,"tick_late_p99_ms":0.0,"tick_late_worst_ms":0.0,"mos":null}',NULL,'{}');
CREATE TABLE claimed_minutes (
        what TEXT NOT NULL,
        minute INTEGER NOT NULL,
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        PRIMARY KEY (what, minute)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "claimed_minutes" VALUES('place/0',29924340,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924341,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924342,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924343,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924344,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924345,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924346,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924347,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924348,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924349,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924350,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924351,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924352,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924353,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924354,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924355,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924356,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924357,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924358,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924359,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924360,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924361,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924362,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924363,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924364,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924365,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924366,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924367,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924368,'a1');
INSERT INTO "claimed_minutes" VALUES('place/0',29924369,'a1');
CREATE TABLE claims (
        appointment_id TEXT NOT NULL REFERENCES appointments(appointment_id) ON DELETE CASCADE,
        what TEXT NOT NULL, -- place/0, staff/maria, bay/bay_1
        starts_minute INTEGER NOT NULL,
        ends_minute INTEGER NOT NULL,
        PRIMARY KEY (appointment_id, what)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "claims" VALUES('a1','place/0',29924340,29924370);
CREATE TABLE contacts (
        phone TEXT PRIMARY KEY, -- E.164
        identity TEXT NOT NULL DEFAULT '', -- the customer database's own id
        name TEXT NOT NULL DEFAULT '', -- empty: it knows nobody, or several
        matches INTEGER NOT NULL DEFAULT 0, -- how many it knows with this number
        called_at TEXT NOT NULL, -- when they called last
        asked_at TEXT -- when the customer database was asked last; NULL: never
    ) STRICT, WITHOUT ROWID
    ;
CREATE TABLE deliveries_by_day (
        destination TEXT NOT NULL,
        day TEXT NOT NULL, -- of the office's calendar
        sent INTEGER NOT NULL,
        PRIMARY KEY (destination, day)
    ) STRICT, WITHOUT ROWID
    ;
CREATE TABLE destinations (
        name TEXT PRIMARY KEY,
        last_sent_at TEXT,
        failing_since TEXT, -- the first of the failures in a row; NULL: the last attempt came through
        error TEXT NOT NULL DEFAULT '', -- what the last failure said
        error_at TEXT,
        rests_until TEXT -- it is left alone until then
    ) STRICT, WITHOUT ROWID
    ;
CREATE TABLE events (
        event_id INTEGER PRIMARY KEY,
        call_id TEXT NOT NULL REFERENCES calls(call_id) ON DELETE CASCADE,
        at_ms INTEGER NOT NULL, -- since the call was answered
        kind TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "events" VALUES(1,'c1',500,'digit','rtp');
CREATE TABLE messages (
        message_id TEXT PRIMARY KEY,
        call_id TEXT NOT NULL,
        taken_at TEXT NOT NULL,
        name TEXT NOT NULL,
        phone TEXT NOT NULL,
        matter TEXT NOT NULL,
        read_at TEXT
    , whom TEXT NOT NULL DEFAULT '', urgent INTEGER NOT NULL DEFAULT 0) STRICT
    ;
INSERT INTO "messages" VALUES('m1','c1','2026-11-21T19:00:00.000000+00:00','Bo Berg','+13035550123','call me back',NULL,'',0);
CREATE TABLE outbox (
        number INTEGER PRIMARY KEY, -- the order in which things happened
        kind TEXT NOT NULL, -- what it tells of: message
        subject TEXT NOT NULL, -- the id of that
        destination TEXT NOT NULL, -- email, webhook
        idempotency_key TEXT NOT NULL UNIQUE, -- the same at every attempt: who has it already can tell
        contact TEXT NOT NULL, -- whom it is about; what is about one of them is sent in order
        call_id TEXT NOT NULL, -- it is not sent before this call is over; empty: at once
        payload TEXT NOT NULL, -- JSON object
        state TEXT NOT NULL DEFAULT 'waiting', -- then claimed, and sent or buried
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at TEXT NOT NULL,
        due_at TEXT NOT NULL, -- of the next attempt; of a claim: when it lapses
        settled_at TEXT,
        reason TEXT NOT NULL DEFAULT '' -- what the last attempt met with
    , follows INTEGER NOT NULL DEFAULT 0, tried_at TEXT) STRICT
    ;
CREATE TABLE transcripts (
        number INTEGER PRIMARY KEY, -- when it rang, in milliseconds since 1970; a little later where that is taken
        call_id TEXT NOT NULL UNIQUE REFERENCES calls(call_id) ON DELETE CASCADE,
        indexed INTEGER NOT NULL -- whether its words are in the index
    ) STRICT
    ;
INSERT INTO "transcripts" VALUES(1795287600000,'c1',1);
CREATE TABLE turns (
        call_id TEXT NOT NULL REFERENCES calls(call_id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        speaker TEXT NOT NULL,
        text TEXT NOT NULL,
        started_ms INTEGER NOT NULL, -- since the call was answered
        ended_ms INTEGER NOT NULL,
        class TEXT,
        response_gap_ms INTEGER,
        interrupted INTEGER NOT NULL,
        confidence REAL,
        waterfall TEXT, -- JSON object, Waterfall
        PRIMARY KEY (call_id, number)
    ) STRICT
    ;
INSERT INTO "turns" VALUES('c1',1,'agent','Hello',0,900,NULL,NULL,0,NULL,'{"speech_ended_ms":null,"turn_decided_ms":null,"final_text_ms":null,"reply_decided_ms":null,"first_audio_ms":null,"first_packet_ms":0,"first_sound_ms":null,"prepared":null}');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX calls_offered_at ON calls(offered_at);
CREATE INDEX events_call_id ON events(call_id);
CREATE INDEX appointments_starts_minute ON appointments(starts_minute);
CREATE INDEX appointments_phone ON appointments(phone);
CREATE INDEX appointments_call_id ON appointments(call_id);
CREATE INDEX messages_taken_at ON messages(taken_at);
CREATE INDEX messages_call_id ON messages(call_id);
CREATE INDEX claims_starts_minute ON claims(starts_minute);
CREATE INDEX claimed_minutes_appointment_id ON claimed_minutes(appointment_id);
CREATE INDEX appointment_changes_call_id ON appointment_changes(call_id);
CREATE INDEX appointment_changes_appointment_id ON appointment_changes(appointment_id);
CREATE UNIQUE INDEX appointment_changes_once ON appointment_changes(appointment_id, sequence)
        WHERE kind <> 'repeated'
    ;
CREATE INDEX busy_times_ends_minute ON busy_times(ends_minute);
CREATE INDEX busy_times_calendar ON busy_times(calendar);
CREATE INDEX outbox_subject ON outbox(subject);
CREATE INDEX outbox_due ON outbox(destination, due_at, number) WHERE state IN ('waiting', 'claimed') AND follows = 0;
CREATE INDEX outbox_contact ON outbox(destination, contact, follows, number) WHERE state IN ('waiting', 'claimed');
CREATE INDEX outbox_settled ON outbox(state, settled_at) WHERE state IN ('sent', 'buried');
CREATE TRIGGER outbox_comes AFTER INSERT ON outbox WHEN NEW.contact <> '' AND EXISTS (
        SELECT 1 FROM outbox WHERE destination = NEW.destination AND contact = NEW.contact
        AND state IN ('waiting', 'claimed') AND number <> NEW.number
    )
    BEGIN UPDATE outbox SET follows = 1 WHERE number = NEW.number; END;
CREATE TRIGGER outbox_settles AFTER UPDATE OF state ON outbox
    WHEN OLD.state IN ('waiting', 'claimed') AND NEW.state IN ('sent', 'buried') AND OLD.contact <> ''
    BEGIN
        
        UPDATE outbox SET follows = 0 WHERE number = (
            SELECT number FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND state IN ('waiting', 'claimed') AND follows = 1 ORDER BY number LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND state IN ('waiting', 'claimed') AND follows = 0
        )
;
        UPDATE outbox SET follows = 0 WHERE number = NEW.number;
    END;
CREATE TRIGGER outbox_goes AFTER DELETE ON outbox
    WHEN OLD.state IN ('waiting', 'claimed') AND OLD.contact <> ''
    BEGIN
        
        UPDATE outbox SET follows = 0 WHERE number = (
            SELECT number FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND state IN ('waiting', 'claimed') AND follows = 1 ORDER BY number LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND state IN ('waiting', 'claimed') AND follows = 0
        )
;
    END;
CREATE TRIGGER outbox_changes_contact AFTER UPDATE OF contact ON outbox
    WHEN NEW.state IN ('waiting', 'claimed') AND OLD.contact <> NEW.contact
    BEGIN
        
        UPDATE outbox SET follows = 0 WHERE number = (
            SELECT number FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND state IN ('waiting', 'claimed') AND follows = 1 ORDER BY number LIMIT 1
        ) AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE destination = OLD.destination AND contact = OLD.contact
            AND state IN ('waiting', 'claimed') AND follows = 0
        )
;
        UPDATE outbox SET follows = NEW.contact <> '' AND EXISTS (
            SELECT 1 FROM outbox WHERE destination = NEW.destination AND contact = NEW.contact
            AND state IN ('waiting', 'claimed') AND number < NEW.number
        ) WHERE number = NEW.number;
    END;
CREATE TRIGGER outbox_returns AFTER UPDATE OF state ON outbox
    WHEN OLD.state IN ('sent', 'buried') AND NEW.state IN ('waiting', 'claimed') AND NEW.contact <> ''
    BEGIN
        UPDATE outbox SET follows = 1 WHERE number = NEW.number AND EXISTS (
            SELECT 1 FROM outbox WHERE destination = NEW.destination AND contact = NEW.contact
            AND state IN ('waiting', 'claimed') AND follows = 0 AND number < NEW.number
        );
        UPDATE outbox SET follows = 1 WHERE destination = NEW.destination AND contact = NEW.contact
            AND state IN ('waiting', 'claimed') AND follows = 0 AND number > NEW.number;
    END;
CREATE INDEX contacts_called_at ON contacts(called_at);
CREATE INDEX calls_caller ON calls(caller);
CREATE INDEX transcripts_waiting ON transcripts(number) WHERE indexed = 0;
CREATE VIEW spoken AS SELECT transcripts.number AS number, coalesce((
        SELECT group_concat(replace(text, char(10), ' '), char(10)) FROM (
            SELECT text FROM turns WHERE turns.call_id = calls.call_id ORDER BY turns.number
        )
    ), '') AS words, calls.disposition || ' ' || calls.caller AS marks
    FROM transcripts JOIN calls ON calls.call_id = transcripts.call_id WHERE transcripts.indexed;
CREATE TRIGGER transcripts_added AFTER INSERT ON transcripts WHEN new.indexed BEGIN INSERT INTO call_words (rowid, words, marks) SELECT number, words, marks FROM spoken WHERE number = new.number; END;
CREATE TRIGGER transcripts_on AFTER UPDATE ON transcripts WHEN new.indexed > old.indexed BEGIN INSERT INTO call_words (rowid, words, marks) SELECT number, words, marks FROM spoken WHERE number = new.number; END;
CREATE TRIGGER transcripts_off BEFORE UPDATE ON transcripts WHEN new.indexed < old.indexed BEGIN INSERT INTO call_words (call_words, rowid, words, marks) SELECT 'delete', number, words, marks FROM spoken WHERE number = old.number; END;
CREATE TRIGGER transcripts_removed BEFORE DELETE ON transcripts WHEN old.indexed BEGIN INSERT INTO call_words (call_words, rowid, words, marks) SELECT 'delete', number, words, marks FROM spoken WHERE number = old.number; END;
CREATE TRIGGER calls_added AFTER INSERT ON calls WHEN new.ended_at IS NOT NULL BEGIN INSERT OR IGNORE INTO transcripts (number, call_id, indexed) VALUES ((
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM transcripts WHERE number = rang_ms) THEN rang_ms ELSE (
        SELECT number + 1 FROM transcripts AS taken WHERE number >= rang_ms
        AND NOT EXISTS (SELECT 1 FROM transcripts AS later WHERE later.number = taken.number + 1)
        ORDER BY number LIMIT 1
    ) END FROM (SELECT coalesce(CAST(round((julianday(new.offered_at) - 2440587.5) * 86400000) AS INTEGER), 0) AS rang_ms)
), new.call_id, 1); END;
CREATE TRIGGER calls_ended AFTER UPDATE OF ended_at ON calls WHEN old.ended_at IS NULL AND new.ended_at IS NOT NULL BEGIN INSERT OR IGNORE INTO transcripts (number, call_id, indexed) VALUES ((
    SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM transcripts WHERE number = rang_ms) THEN rang_ms ELSE (
        SELECT number + 1 FROM transcripts AS taken WHERE number >= rang_ms
        AND NOT EXISTS (SELECT 1 FROM transcripts AS later WHERE later.number = taken.number + 1)
        ORDER BY number LIMIT 1
    ) END FROM (SELECT coalesce(CAST(round((julianday(new.offered_at) - 2440587.5) * 86400000) AS INTEGER), 0) AS rang_ms)
), new.call_id, 1); END;
CREATE TRIGGER calls_reopened AFTER UPDATE OF ended_at ON calls WHEN old.ended_at IS NOT NULL AND new.ended_at IS NULL BEGIN DELETE FROM transcripts WHERE call_id = new.call_id; END;
CREATE TRIGGER calls_removed BEFORE DELETE ON calls WHEN TRUE BEGIN DELETE FROM transcripts WHERE call_id = old.call_id; END;
CREATE TRIGGER calls_marked_begins BEFORE UPDATE OF disposition, caller ON calls WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = new.call_id) AND NOT (FALSE) BEGIN UPDATE transcripts SET indexed = 0 WHERE call_id = new.call_id; END;
CREATE TRIGGER calls_marked_ends AFTER UPDATE OF disposition, caller ON calls WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = new.call_id) BEGIN UPDATE transcripts SET indexed = 1 WHERE call_id = new.call_id; END;
CREATE TRIGGER turns_added_begins BEFORE INSERT ON turns WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = new.call_id) AND NOT (EXISTS (SELECT 1 FROM turns WHERE call_id = new.call_id AND number = new.number)) BEGIN UPDATE transcripts SET indexed = 0 WHERE call_id = new.call_id; END;
CREATE TRIGGER turns_added_ends AFTER INSERT ON turns WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = new.call_id) BEGIN UPDATE transcripts SET indexed = 1 WHERE call_id = new.call_id; END;
CREATE TRIGGER turns_changed_begins BEFORE UPDATE OF text, number, call_id ON turns WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = old.call_id) AND NOT (FALSE) BEGIN UPDATE transcripts SET indexed = 0 WHERE call_id = old.call_id; END;
CREATE TRIGGER turns_changed_ends AFTER UPDATE OF text, number, call_id ON turns WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = old.call_id) BEGIN UPDATE transcripts SET indexed = 1 WHERE call_id = old.call_id; END;
CREATE TRIGGER turns_removed_begins BEFORE DELETE ON turns WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = old.call_id) AND NOT (FALSE) BEGIN UPDATE transcripts SET indexed = 0 WHERE call_id = old.call_id; END;
CREATE TRIGGER turns_removed_ends AFTER DELETE ON turns WHEN EXISTS (SELECT 1 FROM transcripts WHERE call_id = old.call_id) BEGIN UPDATE transcripts SET indexed = 1 WHERE call_id = old.call_id; END;
INSERT INTO call_words (call_words) VALUES ('rebuild');
COMMIT;
