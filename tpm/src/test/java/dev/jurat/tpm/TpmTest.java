package dev.jurat.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.proof.tpm.TpmPoint;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real swtpm. */
class TpmTest {
    private static final byte[] PASSWORD = "right".getBytes();
    private static final byte[] MESSAGE = "a record".getBytes();
    private static final byte[] CHALLENGE = "fresh".getBytes();

    private Swtpm swtpm;
    private Tpm tpm;

    @BeforeEach
    void start() throws Exception {
        swtpm = new Swtpm();
        tpm = Tpm.open(swtpm.address(), false, 10_000);
    }

    @AfterEach
    void stop() throws Exception {
        if (tpm != null) {
            tpm.close();
        }
        if (swtpm != null) {
            swtpm.close();
        }
    }

    private static void refused(TpmCode code, Runnable step) {
        assertEquals(code, assertThrows(TpmException.class, step::run).code());
    }

    private static void refused(String code, TpmEvidence evidence, String name, TpmPoint key, byte[] challenge) {
        assertEquals(
                code,
                assertThrows(FormatException.class, () -> TpmCheck.check(evidence, name, key, challenge))
                        .code());
    }

    @Test
    void aKeySignsWhatDoesNotVerifyOrAfterARestart() throws Exception {
        KeyBlob key = KeyBlob.parse(tpm.make(PASSWORD).bytes());
        for (int i = 0; i < 20; i++) {
            assertTrue(key.area().point().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)));
        }
        tpm.close();
        swtpm.restart(false);
        tpm = Tpm.open(swtpm.address(), false, 10_000);
        assertTrue(key.area().point().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)));
    }

    @Test
    void aWrongPasswordSignsOrIsTriedForEver() {
        KeyBlob key = tpm.make(PASSWORD);
        refused(TpmCode.AUTH, () -> tpm.sign(key, "wrong".getBytes(), MESSAGE));
        TpmCode last = TpmCode.AUTH;
        for (int i = 0; i < 40 && last == TpmCode.AUTH; i++) {
            last = assertThrows(TpmException.class, () -> tpm.sign(key, "wrong".getBytes(), MESSAGE))
                    .code();
        }
        assertEquals(TpmCode.LOCKED_OUT, last);
        refused(TpmCode.LOCKED_OUT, () -> tpm.sign(key, PASSWORD, MESSAGE));
    }

    @Test
    void aKeyOfAClearedTpmSigns() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        tpm.close();
        swtpm.restart(true);
        tpm = Tpm.open(swtpm.address(), false, 10_000);
        refused(TpmCode.RESET, () -> tpm.sign(key, PASSWORD, MESSAGE));
        KeyBlob forged = new KeyBlob(tpm.make(PASSWORD).parent(), key.sealed(), key.area());
        refused(TpmCode.RESET, () -> tpm.sign(forged, PASSWORD, MESSAGE));
    }

    @Test
    void evidenceShowsAKeyThatItIsNotFor() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        KeyBlob other = tpm.make(PASSWORD);
        String name = tpm.attestationKeyName();
        TpmEvidence e = TpmEvidence.parse(tpm.certify(key, PASSWORD, CHALLENGE).bytes());
        TpmPoint point = key.area().point();
        assertEquals(
                key.area().nameText(), TpmCheck.check(e, name, point, CHALLENGE).name());
        refused("tpm-challenge", e, name, point, "stale".getBytes());
        refused("tpm-other-key", e, name, other.area().point(), CHALLENGE);
        refused("tpm-attestation-key", e, key.area().nameText(), point, CHALLENGE);
        byte[] changed = e.signature().clone();
        changed[40] ^= 1;
        TpmEvidence unsigned = with(e, e.attestationKey(), e.key(), e.name(), e.attestation(), changed);
        refused("tpm-attestation-signature", unsigned, name, point, CHALLENGE);
        TpmEvidence exchanged = with(
                e, e.attestationKey(), other.area().bytes(), other.area().nameText(), e.attestation(), e.signature());
        refused("tpm-name", exchanged, name, other.area().point(), CHALLENGE);
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

    @Test
    void keysThatAKilledSignerLeftFillTheTpm() {
        KeyBlob key = tpm.make(PASSWORD);
        try (Link link = new Link(swtpm.address(), 10_000)) {
            tpm.close();
            Commands killed = new Commands(link);
            TpmException full = assertThrows(TpmException.class, () -> {
                for (int i = 0; i < 50; i++) {
                    killed.primary(Commands.OWNER, Templates.parent());
                }
            });
            assertEquals(TpmCode.FULL, full.code());
        }
        tpm = Tpm.open(swtpm.address(), false, 10_000);
        assertTrue(key.area().point().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)));
    }

    @Test
    void sessionsThatWereLeftFillTheTpmOfOneWhoIsAlone() {
        KeyBlob key = tpm.make(PASSWORD);
        tpm.close();
        try (Link link = new Link(swtpm.address(), 10_000)) {
            Commands killed = new Commands(link);
            Commands.Loaded parent = killed.primary(Commands.OWNER, Templates.parent());
            assertThrows(TpmException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    killed.session(parent);
                }
            });
        }
        tpm = Tpm.open(swtpm.address(), false, 10_000);
        refused(TpmCode.FULL, () -> tpm.sign(key, PASSWORD, MESSAGE));
        tpm.close();
        tpm = Tpm.open(swtpm.address(), true, 10_000);
        assertTrue(key.area().point().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)));
    }

    @Test
    void aMissingDeviceOrADamagedFileIsTakenForAnotherTrouble() {
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Device(Path.of("/dev/no-tpm")), false, 100));
        refused(TpmCode.MISSING, () -> Tpm.open(new TpmAddress.Unix(Path.of("/tmp/no-tpm.sock")), false, 100));
        refused(TpmCode.GARBLED, () -> Tpm.open(new TpmAddress.Device(Path.of("/dev/null")), false, 1000));
        refused(TpmCode.KEY_FORM, () -> KeyBlob.parse("{}".getBytes()));
        KeyBlob key = tpm.make(PASSWORD);
        tpm.close();
        refused(TpmCode.CLOSED, () -> tpm.sign(key, PASSWORD, MESSAGE));
    }
}
