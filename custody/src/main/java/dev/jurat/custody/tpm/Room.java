package dev.jurat.custody.tpm;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The few places of a TPM without a resource manager: what an operation loads is flushed after it, and what a process that was killed left is flushed
 * when room is wanted. Guarded by its {@link Tpm}.
 *
 * <p>Keys that were left are known by the mark of their template; others are not touched. Sessions have no mark: where there is no room for one, all
 * that are loaded are flushed. Whoever is connected has such a TPM for himself, so nobody is in the middle of using one.
 */
final class Room {
    private static final int TRANSIENT = 0x80000000;
    private static final int SESSIONS = 0x02000000;

    private final Link link;
    private final Commands commands;
    private final Set<Integer> held = new HashSet<>();

    Room(Link link, Commands commands) {
        this.link = link;
        this.commands = commands;
    }

    /** What is loaded for the time of a step, flushed once. */
    final class Held<T> implements AutoCloseable {
        private final T what;
        private final int handle;
        private final int losses = link.losses();
        private boolean flushed;

        private Held(T what, int handle) {
            this.what = what;
            this.handle = handle;
            held.add(handle);
        }

        T what() {
            return what;
        }

        /** Flushes it, unless the way to the TPM was lost since: its handle may be another's then. */
        @Override
        public void close() {
            if (!flushed) {
                flushed = true;
                held.remove(handle);
                if (link.losses() == losses) {
                    flush(handle);
                }
            }
        }
    }

    /** Loads something; where the TPM has no room, once more after what was left there is flushed. */
    <T> Held<T> hold(Supplier<T> step, Function<T, Integer> handle) {
        T what;
        try {
            what = step.get();
        } catch (TpmException e) {
            boolean keys = e.answered() == ResponseCode.OBJECT_MEMORY && flushKeys();
            boolean sessions =
                    (e.answered() == ResponseCode.SESSION_MEMORY || e.answered() == ResponseCode.SESSION_HANDLES)
                            && flushSessions();
            if (!keys && !sessions) {
                throw e;
            }
            what = step.get();
        }
        return new Held<>(what, handle.apply(what));
    }

    private boolean flushKeys() {
        boolean some = false;
        for (int handle : commands.handles(TRANSIENT)) {
            if (!held.contains(handle)
                    && commands.readPublic(handle).filter(Templates::marked).isPresent()) {
                some |= flush(handle);
            }
        }
        return some;
    }

    private boolean flushSessions() {
        boolean some = false;
        for (int handle : commands.handles(SESSIONS)) {
            some |= !held.contains(handle) && flush(handle);
        }
        return some;
    }

    /** Whether it did. What is not flushed stays until room is wanted, or is gone already. */
    private boolean flush(int handle) {
        try {
            commands.flush(handle);
            return true;
        } catch (TpmException e) {
            return false;
        }
    }
}
