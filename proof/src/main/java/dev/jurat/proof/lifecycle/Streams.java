package dev.jurat.proof.lifecycle;

import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.Stream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The head of every stream, and which record stands at each number used. */
final class Streams {
    /** One stream as the records so far have it. */
    static final class State {
        final Stream stream;
        final VerifyKey key;
        final Optional<Session> session;
        private final Map<Long, RecordId> numbers = new HashMap<>();
        private long next;
        RecordId previous;
        int openUses;
        boolean suspended;
        boolean ended;

        State(Stream stream, VerifyKey key, RecordId genesis, Optional<Session> session) {
            this.stream = stream;
            this.key = key;
            this.previous = genesis;
            this.session = session;
        }

        long next() {
            return next;
        }

        void use(RecordId id) {
            numbers.put(next, id);
            next++;
            previous = id;
        }

        /** Moves on over numbers that a reader was not shown. */
        void skip(long to, RecordId before) {
            next = to;
            previous = before;
        }

        /** The record at a number; empty for one not used, or not shown. */
        Optional<RecordId> at(long sequence) {
            return Optional.ofNullable(numbers.get(sequence));
        }

        long notAfter() {
            return session.map(Session::notAfter).orElse(Long.MAX_VALUE);
        }
    }

    private final Map<Stream, State> states = new HashMap<>();

    Optional<State> find(Stream stream) {
        return Optional.ofNullable(states.get(stream));
    }

    State open(Stream stream, VerifyKey key, RecordId genesis, Optional<Session> session) {
        State state = new State(stream, key, genesis, session);
        states.put(stream, state);
        return state;
    }

    List<State> sessions() {
        return states.values().stream().filter(s -> s.session.isPresent()).toList();
    }

    List<State> openSessions() {
        return states.values().stream()
                .filter(s -> s.session.isPresent() && !s.ended)
                .toList();
    }
}
