package dev.jurat.custody.signer;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.Deadline;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** The other end of a signer's socket. Thread-safe. */
final class SignerSocket {
    private final Path socket;
    private final Duration timeout;

    SignerSocket(Path socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /** The answer, which is no error. */
    Json.Obj ask(Json.Obj question) {
        SocketChannel channel = connected();
        try {
            return new Deadline(timeout).within("the signer at " + socket, () -> ask(channel, question));
        } finally {
            // Wakes the thread that waits, too, if the time is over.
            close(channel);
        }
    }

    private SocketChannel connected() {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException | IllegalArgumentException e) {
            throw new CustodyException(
                    CustodyCode.MISSING,
                    "no signer answers at " + socket + ": " + e.getMessage(),
                    "start it, as the user who keeps the keys: jurat signer serve");
        }
    }

    private Json.Obj ask(SocketChannel channel, Json.Obj question) {
        try {
            Frames.write(channel, question);
            Json.Obj answer = Frames.read(channel);
            if (answer.members().containsKey("error")) {
                throw refused(answer);
            }
            return answer;
        } catch (FormatException e) {
            throw SignerKey.malformed(e);
        } catch (IOException e) {
            throw CustodyException.of(
                    CustodyCode.MISSING, "the signer at " + socket + " closed the connection", Optional.of(e));
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
