package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.state.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The head of every stream, and which record stands at each number used. */
final class Streams {
    /** So many numbers before the head are in memory at least, since what is offered again is mostly recent. */
    private static final int NUMBERS_KEPT = 64;

    /** What stands at a number. */
    record Taken(RecordId id, boolean refused) {}

    /** One stream as the records so far have it. */
    final class State {
        final Stream stream;
        final VerifyKey key;
        final Optional<Session> session;
        /** What stands at the newest numbers. */
        private final Map<Long, Taken> numbers = new HashMap<>();
        /** Below this, numbers were let go of. */
        private long numbersFrom;
        /** The next number at the last cut. */
        private long nextAtCut;

        private long next;
        RecordId previous;
        int openUses;
        boolean suspended;
        boolean ended;

        @Nullable
        Entity holder;

        private State(Stream stream, VerifyKey key, RecordId previous, Optional<Session> session) {
            this.stream = stream;
            this.key = key;
            this.previous = previous;
            this.session = session;
        }

        long next() {
            return next;
        }

        void use(RecordId id, boolean refused) {
            numbers.put(next, new Taken(id, refused));
            next++;
            previous = id;
            changed();
        }

        /** Moves on over numbers that a reader was not shown. */
        void skip(long to, RecordId before) {
            next = to;
            previous = before;
            changed();
        }

        void changed() {
            if (holder == null) {
                throw new IllegalStateException("a stream that no leaf opened: " + stream);
            }
            working.changed(holder);
        }

        /** What stands at a number; empty for one not used, or not shown. */
        Optional<Taken> at(long sequence) {
            Taken taken = numbers.get(sequence);
            if (taken != null || sequence >= next || sequence >= numbersFrom) {
                return Optional.ofNullable(taken);
            }
            return archive.find(stream, sequence).flatMap(kept -> taken(kept, sequence));
        }

        private Optional<Taken> taken(Archive.Kept kept, long sequence) {
            RecordId id = kept.record().id();
            return switch (kept.record().statement().facts()) {
                case LedgerFacts.Refused refused
                when !stands(kept.record(), sequence) ->
                    refused.records().stream()
                            .filter(r -> r.stream().equals(stream) && r.sequence() == sequence)
                            .map(r -> new Taken(r.id(), true))
                            .findFirst();
                case LedgerFacts.RefusedFold fold
                when !stands(kept.record(), sequence) ->
                    fold.last() == sequence ? Optional.of(new Taken(fold.id(), true)) : Optional.empty();
                default -> Optional.of(new Taken(id, false));
            };
        }

        private boolean stands(SignedRecord record, long sequence) {
            Header header = record.header();
            return header.stream().equals(stream) && header.sequence() == sequence;
        }

        long notAfter() {
            return session.map(Session::notAfter).orElse(Long.MAX_VALUE);
        }

        /** How it stands now; what it had at the cut before this one is kept elsewhere by now. */
        Standing.Head standing() {
            for (; paged && numbersFrom < nextAtCut - NUMBERS_KEPT; numbersFrom++) {
                numbers.remove(numbersFrom);
            }
            nextAtCut = next;
            return new Standing.Head(suspended, ended, next, previous, openUses);
        }

        void become(Standing.Head standing) {
            suspended = standing.suspended();
            ended = standing.ended();
            next = standing.next();
            previous = standing.previous();
            openUses = Math.toIntExact(standing.awaited());
            numbersFrom = next;
            nextAtCut = next;
        }
    }

    /** A session, and where it stands. */
    record SessionPlace(Place place, Stream stream) {}

    /** What the record of a session has come to. */
    private final class Opened extends Entity {
        private final State state;
        private final Optional<SessionPlace> before;

        Opened(Place place, State state, Optional<SessionPlace> before) {
            super(place);
            this.state = state;
            this.before = before;
            state.holder = this;
        }

        @Override
        Standing standing() {
            return new Standing.Session(
                    state.standing(), before.map(b -> b.place().leaf()).orElse(0L));
        }

        @Override
        void letGo() {
            sessions.remove(state.stream);
            keys.remove(state.key.text());
        }
    }

    /** A session that has not ended. */
    private record Open(long notAfter, long leaf, Stream stream) implements Comparable<Open> {
        @Override
        public int compareTo(Open other) {
            int byEnd = Long.compare(notAfter, other.notAfter);
            return byEnd != 0 ? byEnd : Long.compare(leaf, other.leaf);
        }
    }

    private final WorkingSet working;
    private final Archive archive;
    private final boolean paged;
    private final Map<Stream, State> lasting = new HashMap<>();
    private final Held<Stream, Opened> sessions;
    private final NavigableSet<Open> open = new TreeSet<>();
    /** Of the sessions in memory. */
    private final Set<String> keys = new HashSet<>();

    Streams(WorkingSet working, Archive archive) {
        this.working = working;
        this.archive = archive;
        this.paged = archive != Archive.NONE;
        this.sessions = new Held<>(working, stream -> archive.find(stream, 0).flatMap(this::again));
    }

    Optional<State> find(Stream stream) {
        State state = lasting.get(stream);
        if (state != null) {
            return Optional.of(state);
        }
        return Optional.ofNullable(sessions.get(stream)).map(opened -> opened.state);
    }

    /** Opens the stream of a principal's own key; whoever opens it says what holds it. */
    State open(Stream stream, VerifyKey key, RecordId genesis) {
        State state = new State(stream, key, genesis, Optional.empty());
        lasting.put(stream, state);
        return state;
    }

    /** Opens a session's. */
    void open(Place place, Stream stream, VerifyKey key, RecordId genesis, Session session, Registry.Principal of) {
        State state = new State(stream, key, genesis, Optional.of(session));
        Opened opened = new Opened(place, state, of.newestSession);
        working.begins(opened);
        sessions.put(stream, opened);
        keys.add(key.text());
        of.sessions++;
        of.newestSession = Optional.of(new SessionPlace(place, stream));
        working.changed(of.origin());
    }

    /** Whether a key is that of a session in memory. */
    boolean hasKey(String key) {
        return keys.contains(key);
    }

    private Optional<Opened> again(Archive.Kept kept) {
        SignedRecord record = kept.record();
        if (!(record.statement().facts() instanceof Session session)) {
            return Optional.empty();
        }
        Standing.Session standing = kept.standing(Standing.Session.class);
        State state = new State(
                record.header().stream(), key(session), standing.stream().previous(), Optional.of(session));
        state.become(standing.stream());
        return Optional.of(new Opened(Place.at(record.id(), kept.leaf()), state, sessionAt(standing.before())));
    }

    /** The session whose record stands at a leaf; none at 0. */
    Optional<SessionPlace> sessionAt(long leaf) {
        if (leaf == 0) {
            return Optional.empty();
        }
        SignedRecord record = archive.at(leaf).record();
        return Optional.of(new SessionPlace(Place.at(record.id(), leaf), record.header().stream()));
    }

    private static VerifyKey key(Session session) {
        try {
            return VerifyKey.parse(session.key());
        } catch (FormatException e) {
            throw new IllegalStateException("a key that rule 1 let through", e);
        }
    }

    // ---- which are open

    /** Takes note of where the record of a session stands. */
    void placed(Stream stream, long leaf) {
        find(stream)
                .filter(s -> s.session.isPresent() && !s.ended)
                .ifPresent(s -> open.add(new Open(s.notAfter(), leaf, stream)));
    }

    void end(State state) {
        state.ended = state.session.isPresent();
        state.changed();
        if (state.ended && state.holder != null && state.holder.place().isKnown()) {
            open.remove(new Open(state.notAfter(), state.holder.place().leaf(), state.stream));
        }
    }

    /** Whether one is open that is not over at a time. */
    boolean anyOpen(Clocks clocks) {
        return !open.isEmpty() && !clocks.expired(open.last().notAfter());
    }

    /** Those that neither ended nor are over by the clock, by their ends. */
    List<Stream> open(Clocks clocks) {
        return open.stream()
                .filter(session -> !clocks.expired(session.notAfter()))
                .map(Open::stream)
                .toList();
    }

    /** Forgets that those are open whose time is over. */
    void prune(Clocks clocks) {
        while (!open.isEmpty() && clocks.expired(open.first().notAfter())) {
            open.pollFirst();
        }
    }

    /** The leaves of the open ones. */
    List<Long> openLeaves() {
        return open.stream().map(Open::leaf).toList();
    }

    /** All sessions of a principal, the newest first. */
    List<Stream> of(Registry.Principal principal) {
        List<Stream> all = new ArrayList<>();
        for (Optional<SessionPlace> at = principal.newestSession; at.isPresent(); ) {
            all.add(at.get().stream());
            Opened opened = sessions.get(at.get().stream());
            at = opened == null ? Optional.empty() : opened.before;
        }
        return all;
    }
}
