package dev.jurat.custody.tpm;

import dev.jurat.custody.CustodyException;
import dev.jurat.custody.Deadline;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmReader;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sends commands to one TPM and reads its answers as those of an enemy. Guarded by its {@link Tpm}.
 *
 * <p>It is open for the time of one operation: behind a socket, and at a device that is not shared, nobody else has the TPM meanwhile.
 */
final class Link {
    private static final int AGAIN_MAX = 20;
    private static final int PASSWORD = 0x40000009;

    /** Who authorises the use of a handle: a session with a password, or, without one, the empty password. */
    record Auth(Optional<Session> session, byte[] password, boolean encrypts) {
        static final Auth EMPTY = new Auth(Optional.empty(), new byte[0], false);

        static Auth of(Session session, byte[] password) {
            return new Auth(Optional.of(session), password, false);
        }

        /** The flag that the session goes on, and where it encrypts the one for that. */
        int attributes() {
            return encrypts ? 0x21 : 0x01;
        }
    }

    /** An answer: its handle, where the command gives one, and its parameters. */
    record Answer(int handle, TpmReader parameters) {}

    private final Opening opening;
    private final Deadline deadline;
    private Optional<TpmDevice> device = Optional.empty();
    private int losses;

    /** Opens the way to a TPM. */
    interface Opening {
        TpmDevice open();
    }

    Link(Opening opening, Duration timeout) {
        this.opening = opening;
        this.deadline = new Deadline(timeout);
    }

    /** How often the way to the TPM was lost: what was loaded before is not relied on. */
    int losses() {
        return losses;
    }

    /** Does what takes several commands, and gives up the way to the TPM after it. */
    <T> T during(Supplier<T> operation) {
        try {
            return operation.get();
        } finally {
            // A crash before this: what was loaded stays loaded where no resource manager is; see Room.
            device.ifPresent(TpmDevice::close);
            device = Optional.empty();
        }
    }

    Answer run(Command command, Auth... auths) {
        byte[] sent = command.parameters();
        for (Auth auth : auths) {
            auth.session().ifPresent(Session::renew);
        }
        if (auths.length > 0 && auths[0].encrypts()) {
            sent = auths[0].session().orElseThrow().encrypted(sent, auths[0].password());
        }
        byte[] answer = exchange(command, command.bytes(authorisations(command, sent, auths), sent));
        try {
            return read(command, answer, auths);
        } catch (FormatException e) {
            drop();
            throw new TpmException(TpmCode.GARBLED, "the answer to " + command.name + " is not in its form", e);
        }
    }

    private static byte[] authorisations(Command command, byte[] sent, Auth... auths) {
        Command.Writer covered = new Command.Writer().u32(command.name.code);
        command.handles.forEach(handle -> covered.raw(handle.name()));
        byte[] hash = Hash.of(covered.bytes(), sent).bytes();
        Command.Writer out = new Command.Writer();
        for (Auth auth : auths) {
            Session session = auth.session().orElse(null);
            if (session == null) {
                out.u32(PASSWORD).sized(new byte[0]).u8(1).sized(new byte[0]);
            } else {
                byte[] proof = session.proof(hash, auth.password(), auth.attributes());
                out.u32(session.handle)
                        .sized(session.ours())
                        .u8(auth.attributes())
                        .sized(proof);
            }
        }
        return out.bytes();
    }

    /** Asks again as long as the TPM wants that; starts one that nobody started. */
    private byte[] exchange(Command command, byte[] bytes) {
        for (int i = 0; ; i++) {
            byte[] answer = send(bytes);
            int code = code(answer);
            if (code == ResponseCode.INITIALIZE && i == 0) {
                send(new Command(Command.Name.STARTUP, new Command.Writer().u16(0)).bytes(new byte[0], new byte[2]));
            } else if (code == 0) {
                return answer;
            } else if (!ResponseCode.again(code) || i >= AGAIN_MAX) {
                throw ResponseCode.exception(command.name, code);
            }
            pause(5L * (i + 1));
        }
    }

    private static int code(byte[] answer) {
        return (answer[6] & 0xff) << 24 | (answer[7] & 0xff) << 16 | (answer[8] & 0xff) << 8 | (answer[9] & 0xff);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TpmException(TpmCode.TIMEOUT, "the wait for the TPM was interrupted", e);
        }
    }

    private byte[] send(byte[] bytes) {
        try {
            TpmDevice open = device.isPresent() ? device.get() : deadline.within("the TPM", opening::open);
            device = Optional.of(open);
            return deadline.within("the TPM", () -> open.exchange(bytes));
        } catch (CustodyException e) {
            drop();
            throw new TpmException(TpmCode.TIMEOUT, String.valueOf(e.getMessage()), e);
        } catch (TpmException e) {
            drop();
            throw e;
        }
    }

    private static Answer read(Command command, byte[] bytes, Auth... auths) throws FormatException {
        TpmReader in = new TpmReader(bytes);
        int tag = in.u16();
        in.u32();
        in.u32();
        if (tag != (auths.length > 0 ? 0x8002 : 0x8001)) {
            throw new FormatException("tpm-structure", "the answer's tag is " + tag);
        }
        int handle = command.name.gives() ? (int) in.u32() : 0;
        if (auths.length == 0) {
            return new Answer(handle, new TpmReader(in.rest()));
        }
        long length = in.u32();
        byte[] parameters = in.take((int) Math.min(length, Command.BYTES_MAX));
        Command.Writer covered = new Command.Writer().u32(0).u32(command.name.code);
        byte[] hash = Hash.of(covered.bytes(), parameters).bytes();
        for (Auth auth : auths) {
            byte[] nonce = in.sized(Hash.BYTES);
            int attributes = in.u8();
            byte[] proof = in.sized(Hash.BYTES);
            if (auth.session().isPresent()
                    && !auth.session().get().accepts(hash, nonce, attributes, proof, auth.password())) {
                throw new FormatException("tpm-structure", "the answer was not made by the TPM of this session");
            }
        }
        in.end();
        return new Answer(handle, new TpmReader(parameters));
    }

    private void drop() {
        losses++;
        device.ifPresent(TpmDevice::abandon);
        device = Optional.empty();
    }
}
