package dev.jurat.custody.tpm;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.proof.tpm.TpmPoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A TPM 2.0 that makes P-256 keys and signs with them. Thread-safe: one operation at a time. Each operation loads what it needs and flushes it
 * before it returns.
 *
 * <p>Security property: no private key leaves the TPM, and no password travels to it in clear. Nothing falls back to a key in software. Every
 * failure is a {@link TpmException}.
 */
final class Tpm {
    private static final int ENDORSEMENT_CERTIFICATE = 0x01c0000a;
    private static final int CERTIFICATE_MAX = 8_192;
    private static final int PASSWORD_MAX = 32;

    private final Link link;
    private final Commands commands;
    private final Room room;

    private Tpm(Link link) {
        this.link = link;
        this.commands = new Commands(link);
        this.room = new Room(link, commands);
    }

    /**
     * Opens a TPM and sees that it has P-256.
     *
     * @param timeout how long a command may take; real chips make a key within seconds
     */
    static Tpm open(TpmAddress address, Duration timeout) {
        return open(() -> TpmDevice.open(address), timeout);
    }

    static Tpm open(Link.Opening opening, Duration timeout) {
        Tpm tpm = new Tpm(new Link(opening, timeout));
        if (!tpm.link.during(tpm.commands::hasP256)) {
            throw new TpmException(TpmCode.UNFIT, "the TPM has no P-256");
        }
        return tpm;
    }

    /** Makes a key under a password of 1 to 32 bytes. What it gives is to be kept before the key is relied on. */
    synchronized KeyBlob make(byte[] password) {
        require(password.length > 0 && password.length <= PASSWORD_MAX, "a key's password has 1 to 32 bytes");
        return link.during(() -> {
            try (Room.Held<Commands.Loaded> parent = parent();
                    Room.Held<Session> session = session(parent.what())) {
                Commands.Made made = commands.create(parent.what(), password, session.what());
                return new KeyBlob(parent.what().area().nameText(), made.sealed(), made.area());
            }
        });
    }

    /** Signs the SHA-256 of {@code message}: r ‖ s, 64 bytes, s low. Who asks verifies it. */
    synchronized byte[] sign(KeyBlob key, byte[] password, byte[] message) {
        return withKey(key, (loaded, session) -> commands.sign(loaded, password, Hash.of(message), session));
    }

    /** Has the TPM's attestation key certify a key, over a challenge of at most 32 bytes. */
    synchronized TpmEvidence certify(KeyBlob key, byte[] password, byte[] challenge) {
        require(challenge.length <= TpmEvidence.CHALLENGE_MAX, "a challenge has 32 bytes at most");
        return withKey(key, (loaded, session) -> {
            try (Room.Held<Commands.Loaded> held = attestation()) {
                Commands.Loaded signer = held.what();
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
            }
        });
    }

    /** What it says of itself: {@code manufacturer}, {@code firmware} and the name of its attestation key, which a verifier is told once by a way that it trusts. */
    synchronized Map<String, String> about() {
        return link.during(() -> {
            try (Room.Held<Commands.Loaded> signer = attestation()) {
                return Map.of(
                        "attestation-key", signer.what().area().nameText(),
                        "firmware", firmware(),
                        "manufacturer", manufacturer());
            }
        });
    }

    /** What the TPM says of who made it: up to four characters, signed by nobody. */
    private String manufacturer() {
        byte[] bytes = new Command.Writer().u32(commands.property(0x105)).bytes();
        String text =
                new String(bytes, StandardCharsets.US_ASCII).replace("\0", "").strip();
        return text.matches("[ -~]{1,4}") ? text : "?";
    }

    /** Its version, 16 hexadecimal digits, signed by nobody. */
    private String firmware() {
        Command.Writer both = new Command.Writer().u32(commands.property(0x10b)).u32(commands.property(0x10c));
        return HexFormat.of().formatHex(both.bytes());
    }

    private interface Use<T> {
        T with(Commands.Loaded key, Session session);
    }

    private <T> T withKey(KeyBlob key, Use<T> use) {
        return link.during(() -> {
            try (Room.Held<Commands.Loaded> parent = parent();
                    Room.Held<Session> session = session(parent.what(), key);
                    Room.Held<Commands.Loaded> loaded = load(parent.what(), key, session.what())) {
                // A TPM may have three places: the parent's is wanted.
                parent.close();
                return use.with(loaded.what(), session.what());
            }
        });
    }

    /** A session under the parent of a key, which is to be the one that the key was made under. */
    private Room.Held<Session> session(Commands.Loaded parent, KeyBlob key) {
        if (!parent.area().nameText().equals(key.parent())) {
            throw new TpmException(TpmCode.RESET, "the key was made in another TPM, or this one was cleared since");
        }
        return session(parent);
    }

    private Room.Held<Session> session(Commands.Loaded parent) {
        return room.hold(() -> commands.session(parent), session -> session.handle);
    }

    private Room.Held<Commands.Loaded> load(Commands.Loaded parent, KeyBlob key, Session session) {
        Commands.Made made = new Commands.Made(key.sealed(), key.area());
        return room.hold(() -> commands.load(parent, made, session), Commands.Loaded::handle);
    }

    private Room.Held<Commands.Loaded> parent() {
        return room.hold(() -> commands.primary(Commands.OWNER, Templates.PARENT), Commands.Loaded::handle);
    }

    private Room.Held<Commands.Loaded> attestation() {
        return room.hold(() -> commands.primary(Commands.ENDORSEMENT, Templates.ATTESTATION), Commands.Loaded::handle);
    }

    private static void checked(TpmPoint point, byte[] message, byte[] signature) {
        if (!point.key().verifies(message, signature)) {
            throw new TpmException(TpmCode.GARBLED, "the signature that the TPM gave does not verify");
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
