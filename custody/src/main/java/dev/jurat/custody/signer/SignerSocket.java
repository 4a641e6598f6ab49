package dev.jurat.custody.signer;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.Deadline;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/** The other end of a signer's socket. Thread-safe. */
final class SignerSocket {
    private static final long[] PAUSES_MILLIS = {50, 200, 1000};

    private final Path socket;
    private final Duration timeout;

    SignerSocket(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /**
     * What came back.
     *
     * @param user as whom the signer listens, as the kernel says
     */
    record Answer(Json.Obj said, String user) {}

    /** The answer, which is no error. A connection that a busy signer closed is made again: a question asked twice changes nothing. */
    Answer ask(Json.Obj question) {
        for (int again = 0; again < PAUSES_MILLIS.length; again++) {
            Optional<Answer> answer = once(question);
            if (answer.isPresent()) {
                return answer.get();
            }
            pause(PAUSES_MILLIS[again]);
        }
        return once(question)
                .orElseThrow(() -> CustodyException.of(
                        CustodyCode.BUSY, "the signer at " + socket + " closes each connection before it answers"));
    }

    private Optional<Answer> once(Json.Obj question) {
        SocketChannel channel = opened();
        try {
            return new Deadline(timeout).within("the signer at " + socket, () -> {
                connect(channel);
                return ask(channel, question);
            });
        } finally {
            // Wakes the thread that waits, too, if the time is over.
            close(channel);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CustodyException.of(CustodyCode.TIMEOUT, "interrupted while the signer was busy", Optional.of(e));
        }
    }

    private SocketChannel opened() {
        try {
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw missing(e);
        }
    }

    /** Waits as long as more callers than the system keeps wait for the signer. */
    private void connect(SocketChannel channel) {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException | IllegalArgumentException e) {
            throw missing(e);
        }
    }

    private CustodyException missing(Exception e) {
        return new CustodyException(
                CustodyCode.MISSING,
                "no signer answers at " + socket + ": " + e.getMessage(),
                "start it, as the user who keeps the keys: jurat signer serve");
    }

    /** Empty where the connection was closed instead. */
    private Optional<Answer> ask(SocketChannel channel, Json.Obj question) {
        try {
            String user =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            Frames.write(channel, question);
            Json.Obj answer = Frames.read(channel);
            if (answer.members().containsKey("error")) {
                throw refused(answer);
            }
            return Optional.of(new Answer(answer, user));
        } catch (FormatException e) {
            throw SignerKey.malformed(e);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static CustodyException refused(Json.Obj answer) throws FormatException {
        Fields error = Fields.of(answer, "answer").object("error");
        String text = error.string("code");
        CustodyCode code = Arrays.stream(CustodyCode.values())
                .filter(c -> c.text().equals(text))
                .findFirst()
                .orElse(CustodyCode.FAILED);
        return new CustodyException(code, error.string("message"), error.string("next"));
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Then it is closed already.
        }
    }
}
