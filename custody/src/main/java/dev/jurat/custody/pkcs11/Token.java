package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.Deadline;
import dev.jurat.custody.Secret;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A token that we are logged in to: sessions that are kept, and a new login where it was taken out and put back. Thread-safe.
 *
 * <p>Security property: a PIN that was refused once is never tried again, so that waiting and trying again cannot lock the token. Where one try is
 * left, none is made.
 */
final class Token implements AutoCloseable {
    private static final long USER = 1;
    private static final long SERIAL_READ_WRITE = 6;

    private final Functions functions;
    private final Pkcs11Config config;
    private final Secret pin;
    private final Deadline deadline;
    private final Semaphore places;
    private final Deque<Session> idle = new ArrayDeque<>();
    private @Nullable TokenInfo token;
    private @Nullable CustodyException pinRefused;
    private long generation;
    /** The session that logged in, for nothing else: a token forgets the login with the last session. */
    private @Nullable Session login;

    private boolean closed;

    Token(Functions functions, Pkcs11Config config, Secret pin) {
        this.functions = functions;
        this.config = config;
        this.pin = pin;
        this.deadline = new Deadline(config.timeout());
        this.places = new Semaphore(config.sessionsMax());
    }

    /** Looks that the token is there, and does something in a session; some modules answer for a token that is gone as for an empty one. */
    <T> T with(Function<Session, T> work) {
        return quickly(session -> {
            look();
            return work.apply(session);
        });
    }

    /** Does something in a session; once more in a new one, where the token or the session was lost. */
    <T> T quickly(Function<Session, T> work) {
        place();
        return deadline.within("the token " + config.label(), () -> {
            try {
                return twice(work);
            } finally {
                places.release();
            }
        });
    }

    /** A call that never comes back keeps its place, so that no more threads than places are lost to a token that hangs. */
    private void place() {
        try {
            if (places.tryAcquire(config.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw CustodyException.of(
                CustodyCode.TIMEOUT, "all " + config.sessionsMax() + " sessions with the token are taken");
    }

    private <T> T twice(Function<Session, T> work) {
        try {
            return once(work);
        } catch (LostException first) {
            try {
                return once(work);
            } catch (LostException again) {
                throw Answer.refused(again.answer(), again.what());
            }
        }
    }

    private <T> T once(Function<Session, T> work) {
        long before = generation();
        try {
            Session session = take();
            try {
                T result = work.apply(session);
                give(session);
                return result;
            } catch (RuntimeException e) {
                // An operation may have been left half done in it.
                session.close();
                throw e;
            }
        } catch (LostException e) {
            lose(before);
            throw e;
        }
    }

    private synchronized long generation() {
        return generation;
    }

    /** A session that is logged in. */
    private synchronized Session take() {
        requireOpen();
        Session kept = idle.poll();
        if (kept != null) {
            return kept;
        }
        if (login == null) {
            login = loggedIn();
        }
        return connect();
    }

    private Session loggedIn() {
        Session session = connect();
        try {
            login(session);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw CustodyException.of(CustodyCode.LOCKED, "the custody was closed");
        }
        if (pinRefused != null) {
            throw pinRefused;
        }
    }

    private Session connect() {
        long slot = token().slot();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.JAVA_LONG);
            Session.require(
                    functions.call(
                            dev.jurat.custody.pkcs11.Function.OPEN_SESSION,
                            slot,
                            SERIAL_READ_WRITE,
                            MemorySegment.NULL,
                            MemorySegment.NULL,
                            handle),
                    "the token opens no session");
            return new Session(functions, handle.get(ValueLayout.JAVA_LONG, 0), generation);
        }
    }

    private void login(Session session) {
        refuseDangerousTry(look());
        byte[] bytes = pin.bytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long answer = functions.call(
                    dev.jurat.custody.pkcs11.Function.LOGIN, session.handle(), USER, text, (long) bytes.length);
            text.fill((byte) 0);
            accept(answer);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private void accept(long answer) {
        if (Answer.lost(answer)) {
            throw new LostException(answer, "the token takes no login");
        }
        if (answer != Answer.OK.value() && answer != Answer.ALREADY_LOGGED_IN.value()) {
            pinRefused = Answer.refused(answer, "the token " + config.label() + " does not take the PIN");
            throw pinRefused;
        }
    }

    private TokenInfo look() {
        return new Slots(functions)
                .look(token().slot())
                .orElseThrow(() -> new LostException(Answer.TOKEN_NOT_PRESENT.value(), "the token is not there"));
    }

    private void refuseDangerousTry(TokenInfo now) {
        if (now.pinLocked()) {
            pinRefused = CustodyException.of(
                    CustodyCode.PIN_LOCKED, "the token " + config.label() + " is locked after too many wrong PINs");
        } else if (!now.pinInitialized()) {
            pinRefused = CustodyException.of(CustodyCode.LOCKED, "the token " + config.label() + " has no PIN yet");
        } else if (now.lastTry()) {
            pinRefused = new CustodyException(
                    CustodyCode.LOCKED,
                    "one more wrong PIN would lock the token " + config.label() + ", so none is tried",
                    "log in once with the maker's tool, which sets the count back");
        }
        requireOpen();
    }

    private synchronized void give(Session session) {
        if (closed || session.generation() != generation) {
            session.close();
        } else {
            idle.push(session);
        }
    }

    /** Forgets sessions and login of the generation that was lost. */
    private synchronized void lose(long lost) {
        if (generation == lost) {
            generation++;
            closeSessions();
            token = null;
        }
    }

    private void closeSessions() {
        idle.forEach(Session::close);
        idle.clear();
        if (login != null) {
            login.close();
            login = null;
        }
    }

    /** What the token says of itself. */
    synchronized TokenInfo token() {
        TokenInfo known = token;
        if (known == null) {
            known = new Slots(functions).find(config);
            token = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeSessions();
        pin.close();
    }
}
