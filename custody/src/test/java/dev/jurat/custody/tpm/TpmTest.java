package dev.jurat.custody.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a real swtpm. */
class TpmTest {
    private static final byte[] PASSWORD = "right".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WRONG = "wrong".getBytes(StandardCharsets.UTF_8);
    private static final byte[] MESSAGE = "a record".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CHALLENGE = "fresh".getBytes(StandardCharsets.UTF_8);

    private Optional<Swtpm> started = Optional.empty();

    @TempDir
    Path folder;

    private Tpm tpm() throws Exception {
        return tpm(Swtpm.Way.UNIX);
    }

    private Tpm tpm(Swtpm.Way way) throws Exception {
        started = Optional.of(new Swtpm(way));
        return Tpm.open(swtpm().address(), Duration.ofSeconds(10));
    }

    private Swtpm swtpm() {
        return started.orElseThrow();
    }

    @AfterEach
    void stop() {
        started.ifPresent(Swtpm::close);
    }

    private static void refused(TpmCode code, Runnable step) {
        TpmException e = assertThrows(TpmException.class, step::run);
        assertEquals(code, e.code(), e.getMessage());
    }

    private static void signs(Tpm tpm, KeyBlob key) {
        assertTrue(key.key().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)));
    }

    private static void refused(String code, TpmEvidence evidence, String name, VerifyKey key, byte[] challenge) {
        assertEquals(
                code,
                assertThrows(FormatException.class, () -> TpmCheck.check(evidence, name, key, challenge))
                        .code());
    }

    @ParameterizedTest
    @EnumSource(Swtpm.Way.class)
    void aKeySignsWhatDoesNotVerifyOrNotAfterARestart(Swtpm.Way way) throws Exception {
        Tpm tpm = tpm(way);
        KeyBlob key = KeyBlob.parse("a", tpm.make(PASSWORD).bytes("a"));
        for (int i = 0; i < 20; i++) {
            signs(tpm, key);
        }
        swtpm().restart();
        signs(tpm, key);
    }

    @Test
    void aWrongPasswordSignsOrIsTriedForEver() throws Exception {
        Tpm tpm = tpm();
        KeyBlob key = tpm.make(PASSWORD);
        refused(TpmCode.AUTH, () -> tpm.sign(key, WRONG, MESSAGE));
        signs(tpm, key);
        TpmCode last = TpmCode.AUTH;
        for (int i = 0; i < 40 && last == TpmCode.AUTH; i++) {
            last = assertThrows(TpmException.class, () -> tpm.sign(key, WRONG, MESSAGE))
                    .code();
        }
        assertEquals(TpmCode.LOCKED_OUT, last);
        refused(TpmCode.LOCKED_OUT, () -> tpm.sign(key, PASSWORD, MESSAGE));
    }

    @Test
    void aKeyOfAClearedTpmSigns() throws Exception {
        Tpm tpm = tpm();
        KeyBlob key = tpm.make(PASSWORD);
        swtpm().restartCleared();
        refused(TpmCode.RESET, () -> tpm.sign(key, PASSWORD, MESSAGE));
        KeyBlob forged = new KeyBlob(tpm.make(PASSWORD).parent(), key.sealed(), key.area());
        refused(TpmCode.KEY_FORM, () -> tpm.sign(forged, PASSWORD, MESSAGE));
    }

    @Test
    void aFileOfAKeyThatWasChangedSigns() throws Exception {
        Tpm tpm = tpm();
        KeyBlob key = tpm.make(PASSWORD);
        KeyBlob other = tpm.make(PASSWORD);
        for (int at = 0; at < key.sealed().length; at += 7) {
            byte[] changed = key.sealed().clone();
            changed[at] ^= 1;
            KeyBlob broken = new KeyBlob(key.parent(), changed, key.area());
            refused(TpmCode.KEY_FORM, () -> tpm.sign(broken, PASSWORD, MESSAGE));
        }
        KeyBlob two = new KeyBlob(key.parent(), key.sealed(), other.area());
        refused(TpmCode.KEY_FORM, () -> tpm.sign(two, PASSWORD, MESSAGE));
        byte[] file = key.bytes("a");
        refused(TpmCode.KEY_FORM, () -> KeyBlob.parse("b", file));
        refused(TpmCode.KEY_FORM, () -> KeyBlob.parse("a", "{}".getBytes(StandardCharsets.UTF_8)));
        assertEquals(key.area(), KeyBlob.parse("a", file).area());
    }

    @Test
    void aHierarchyUnderAPasswordIsTakenForAWrongPassphrase() throws Exception {
        Swtpm.require("tpm2_changeauth");
        Tpm tpm = tpm(Swtpm.Way.TCP);
        KeyBlob key = tpm.make(PASSWORD);
        swtpm().tool(folder, "tpm2_changeauth", "-c", "owner", "owners");
        refused(TpmCode.HIERARCHY, () -> tpm.sign(key, PASSWORD, MESSAGE));
        refused(TpmCode.HIERARCHY, () -> tpm.make(PASSWORD));
    }

    @Test
    void evidenceShowsAKeyThatItIsNotFor() throws Exception {
        Tpm tpm = tpm();
        KeyBlob key = tpm.make(PASSWORD);
        KeyBlob other = tpm.make(PASSWORD);
        String name = Objects.requireNonNull(tpm.about().get("attestation-key"));
        TpmEvidence e = TpmEvidence.parse(tpm.certify(key, PASSWORD, CHALLENGE).bytes());
        VerifyKey point = key.key();
        assertEquals(
                key.area().nameText(), TpmCheck.check(e, name, point, CHALLENGE).name());
        refused("tpm-challenge", e, name, point, "stale".getBytes(StandardCharsets.UTF_8));
        refused("tpm-other-key", e, name, other.key(), CHALLENGE);
        refused("tpm-attestation-key", e, key.area().nameText(), point, CHALLENGE);
        byte[] changed = e.signature().clone();
        changed[40] ^= 1;
        TpmEvidence unsigned = with(e, e.attestationKey(), e.key(), e.name(), e.attestation(), changed);
        refused("tpm-attestation-signature", unsigned, name, point, CHALLENGE);
        TpmEvidence exchanged = with(
                e, e.attestationKey(), other.area().bytes(), other.area().nameText(), e.attestation(), e.signature());
        refused("tpm-name", exchanged, name, other.key(), CHALLENGE);
        // A free key of the same TPM as its own witness, which it could have signed anything with.
        byte[] said = e.attestation();
        TpmEvidence free = with(e, other.area().bytes(), e.key(), e.name(), said, tpm.sign(other, PASSWORD, said));
        refused("tpm-attestation-key-free", free, other.area().nameText(), point, CHALLENGE);
    }

    private static TpmEvidence with(
            TpmEvidence e, byte[] signer, byte[] key, String name, byte[] attestation, byte[] signature) {
        return new TpmEvidence(
                signer, key, name, attestation, signature, e.manufacturer(), e.firmware(), Optional.empty());
    }

    /** The attestation key signs what a TPM made, and no digest that somebody brings. */
    @Test
    void theAttestationKeySignsWhatIsBrought() throws Exception {
        tpm();
        Link link = new Link(() -> TpmDevice.open(swtpm().address()), Duration.ofSeconds(10));
        Commands commands = new Commands(link);
        Commands.Loaded signer = commands.primary(Commands.ENDORSEMENT, Templates.ATTESTATION);
        Session session = commands.session(commands.primary(Commands.OWNER, Templates.PARENT));
        TpmException e = assertThrows(
                TpmException.class,
                () -> commands.sign(signer, new byte[0], dev.jurat.proof.crypto.Hash.of(MESSAGE), session));
        assertTrue(e.answered() != 0, e.getMessage());
    }

    @Test
    void keysThatAKilledSignerLeftFillTheTpm() throws Exception {
        Tpm tpm = tpm();
        KeyBlob key = tpm.make(PASSWORD);
        for (Templates left : new Templates[] {Templates.PARENT, Templates.ATTESTATION}) {
            fill(commands -> commands.primary(left == Templates.PARENT ? Commands.OWNER : Commands.ENDORSEMENT, left));
            signs(tpm, key);
            tpm.certify(key, PASSWORD, CHALLENGE);
        }
        fill(commands -> commands.primary(Commands.OWNER, Templates.PARENT));
        tpm.make(PASSWORD);
    }

    /** Loads as often as it goes, and is gone. */
    private void fill(java.util.function.Consumer<Commands> load) {
        Link link = new Link(() -> TpmDevice.open(swtpm().address()), Duration.ofSeconds(10));
        link.during(() -> {
            Commands killed = new Commands(link);
            TpmException full = assertThrows(TpmException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    load.accept(killed);
                }
            });
            assertEquals(TpmCode.FULL, full.code(), full.getMessage());
            return full;
        });
    }

    @Test
    void sessionsThatAKilledSignerLeftFillTheTpm() throws Exception {
        Tpm tpm = tpm();
        KeyBlob key = tpm.make(PASSWORD);
        Link link = new Link(() -> TpmDevice.open(swtpm().address()), Duration.ofSeconds(10));
        Commands commands = new Commands(link);
        Commands.Loaded parent = link.during(() -> commands.primary(Commands.OWNER, Templates.PARENT));
        fill(killed -> killed.session(parent));
        signs(tpm, key);
    }

    /** Keys of others are not ours to flush. */
    @Test
    void aFullTpmIsEmptiedOfWhatOthersLoaded() throws Exception {
        Swtpm.require("tpm2_createprimary");
        Tpm tpm = tpm(Swtpm.Way.TCP);
        KeyBlob key = tpm.make(PASSWORD);
        for (int i = 0; i < 3; i++) {
            if (i == 1) {
                // Two places are enough, for the attestation key too.
                tpm.certify(key, PASSWORD, CHALLENGE);
            }
            swtpm().tool(folder, "tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc256", "-c", "c" + i);
        }
        refused(TpmCode.FULL, () -> tpm.sign(key, PASSWORD, MESSAGE));
        swtpm().tool(folder, "tpm2_flushcontext", "-t");
        signs(tpm, key);
    }
}
