package dev.jurat.tpm;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** Makes room in a TPM without a resource manager, and flushes what is not needed any more. Guarded by its {@link Tpm}. */
final class Room {
    private static final int TRANSIENT = 0x80000000;
    private static final int SESSIONS = 0x02000000;

    private final Link link;
    private final Commands commands;
    private final boolean alone;
    private final Set<String> ours = new HashSet<>();

    Room(Link link, Commands commands, boolean alone) {
        this.link = link;
        this.commands = commands;
        this.alone = alone;
    }

    /** Takes a key of this name for ours: one that was left loaded may be flushed. */
    void know(String name) {
        ours.add(name);
    }

    /** Does it; where the TPM has no room, once more after what was left by us is flushed. */
    <T> T in(Supplier<T> step) {
        try {
            return step.get();
        } catch (TpmException e) {
            boolean keys = e.answered() == ResponseCode.OBJECT_MEMORY;
            boolean sessions = e.answered() == ResponseCode.SESSION_MEMORY && alone;
            if (!(keys && flushKeys()) && !(sessions && flushSessions())) {
                throw e;
            }
            return step.get();
        }
    }

    private boolean flushKeys() {
        boolean flushed = false;
        for (int handle : commands.handles(TRANSIENT)) {
            if (alone
                    || commands.readPublic(handle)
                            .filter(a -> ours.contains(a.nameText()))
                            .isPresent()) {
                commands.flush(handle);
                flushed = true;
            }
        }
        return flushed;
    }

    private boolean flushSessions() {
        boolean flushed = false;
        for (int handle : commands.handles(SESSIONS)) {
            commands.flush(handle);
            flushed = true;
        }
        return flushed;
    }

    /** Uses what a step loaded, and flushes it, unless the connection was lost since: a handle may be another's then. */
    <T> T using(int handle, Supplier<T> use) {
        int losses = link.losses();
        try {
            return use.get();
        } finally {
            if (link.losses() == losses) {
                flush(handle);
            }
        }
    }

    private void flush(int handle) {
        try {
            commands.flush(handle);
        } catch (TpmException e) {
            // It stays until room is wanted, or is gone already; what was asked for has its own answer.
            return;
        }
    }
}
