package dev.jurat.tpm;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.proof.tpm.TpmPoint;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A TPM 2.0 that makes P-256 keys and signs with them. Thread-safe: one operation at a time. Each operation loads what it needs and flushes it
 * before it returns; what a process left that was killed is recognised by its name and flushed when room is wanted.
 *
 * <p>Security property: no private key leaves the TPM, and no password travels to it in clear. Nothing falls back to a key in software. Every
 * failure is a {@link TpmException}.
 */
public final class Tpm implements AutoCloseable {
    private static final int ENDORSEMENT_CERTIFICATE = 0x01c0000a;
    private static final int CERTIFICATE_MAX = 8_192;
    private static final int PASSWORD_MAX = 32;
    private static final int CHALLENGE_MAX = 32;

    private final Link link;
    private final Commands commands;
    private final Room room;

    private Tpm(Link link, boolean alone) {
        this.link = link;
        this.commands = new Commands(link);
        this.room = new Room(link, commands, alone);
    }

    /**
     * Opens a TPM and sees that it has P-256.
     *
     * @param alone whether nobody else uses this TPM: then sessions that were left are flushed when there is no room for ours
     * @param timeoutMillis how long a command may take; real chips make a key within seconds
     */
    public static Tpm open(TpmAddress address, boolean alone, long timeoutMillis) {
        Tpm tpm = new Tpm(new Link(address, timeoutMillis), alone);
        try {
            if (!tpm.commands.hasP256()) {
                throw new TpmException(TpmCode.UNFIT, "the TPM at " + address.text() + " has no P-256");
            }
            return tpm;
        } catch (TpmException e) {
            tpm.close();
            throw e;
        }
    }

    /** Makes a key under a password of 1 to 32 bytes. What it gives is to be kept before the key is relied on. */
    public synchronized KeyBlob make(byte[] password) {
        require(password.length > 0 && password.length <= PASSWORD_MAX, "a key's password has 1 to 32 bytes");
        return withParent((parent, session) -> {
            Commands.Made made = commands.create(parent, password, Templates.signing(), session);
            return new KeyBlob(parent.area().nameText(), made.sealed(), made.area());
        });
    }

    /** Signs the SHA-256 of {@code message}: r ‖ s, 64 bytes, s low, checked to verify. */
    public synchronized byte[] sign(KeyBlob key, byte[] password, byte[] message) {
        byte[] signature =
                withKey(key, (loaded, session) -> commands.sign(loaded, password, Hash.of(message), session));
        return checked(key.area().point(), message, signature);
    }

    /** Has the TPM's attestation key certify a key, over a challenge of at most 32 bytes. */
    public synchronized TpmEvidence certify(KeyBlob key, byte[] password, byte[] challenge) {
        require(challenge.length <= CHALLENGE_MAX, "a challenge has 32 bytes at most");
        return withKey(key, (loaded, session) -> {
            Commands.Loaded signer = attestation();
            return room.using(signer.handle(), () -> {
                List<byte[]> said = commands.certify(loaded, password, signer, challenge, session);
                checked(signer.area().point(), said.getFirst(), said.getLast());
                return new TpmEvidence(
                        signer.area().bytes(),
                        key.area().bytes(),
                        key.area().nameText(),
                        said.getFirst(),
                        said.getLast(),
                        manufacturer(),
                        firmware(),
                        commands.read(ENDORSEMENT_CERTIFICATE, CERTIFICATE_MAX));
            });
        });
    }

    /** The name of the attestation key, 68 hexadecimal digits: what a verifier is told once, by a way that it trusts. */
    public synchronized String attestationKeyName() {
        Commands.Loaded signer = attestation();
        return room.using(signer.handle(), () -> signer.area().nameText());
    }

    /** What the TPM says of who made it: up to four characters, signed by nobody. */
    public String manufacturer() {
        byte[] bytes = new Command.Writer().u32(commands.property(0x105)).bytes();
        String text =
                new String(bytes, StandardCharsets.US_ASCII).replace("\0", "").strip();
        return text.matches("[ -~]{1,4}") ? text : "?";
    }

    /** Its version, 16 hexadecimal digits, signed by nobody. */
    public String firmware() {
        Command.Writer both = new Command.Writer().u32(commands.property(0x10b)).u32(commands.property(0x10c));
        return HexFormat.of().formatHex(both.bytes());
    }

    private interface Use<T> {
        T with(Commands.Loaded key, Session session);
    }

    private <T> T withKey(KeyBlob key, Use<T> use) {
        room.know(key.parent());
        room.know(key.area().nameText());
        return withParent((parent, session) -> {
            if (!parent.area().nameText().equals(key.parent())) {
                throw new TpmException(TpmCode.RESET, "the key was made in another TPM, or this one was cleared since");
            }
            Commands.Made made = new Commands.Made(key.sealed(), key.area());
            Commands.Loaded loaded = room.in(() -> commands.load(parent, made, session));
            return room.using(loaded.handle(), () -> use.with(loaded, session));
        });
    }

    private <T> T withParent(Use<T> use) {
        Commands.Loaded parent = primary(Commands.OWNER, Templates.parent());
        return room.using(parent.handle(), () -> {
            Session session = room.in(() -> commands.session(parent));
            return room.using(session.handle, () -> use.with(parent, session));
        });
    }

    private Commands.Loaded attestation() {
        return primary(Commands.ENDORSEMENT, Templates.attestation());
    }

    private Commands.Loaded primary(int hierarchy, byte[] template) {
        Commands.Loaded made = room.in(() -> commands.primary(hierarchy, template));
        room.know(made.area().nameText());
        return made;
    }

    private static byte[] checked(TpmPoint key, byte[] message, byte[] signature) {
        if (!key.verifies(message, signature)) {
            throw new TpmException(TpmCode.GARBLED, "the signature that the TPM gave does not verify");
        }
        return signature;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
