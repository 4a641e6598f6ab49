package dev.jurat.custody.tpm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyContract;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TpmCustodyTest extends CustodyContract {
    private static final String WORDS = "a passphrase that is longer than a TPM takes: over 32 bytes";
    private static final Suite P256 = Suite.P256_2026;

    private Optional<Swtpm> started = Optional.empty();

    @TempDir
    Path folder;

    @Override
    protected Custody open() throws Exception {
        return open(WORDS);
    }

    private TpmCustody open(String words) throws Exception {
        if (started.isEmpty()) {
            started = Optional.of(new Swtpm(Swtpm.Way.UNIX));
        }
        return TpmCustody.open(swtpm().address(), folder.resolve("keys"), words::toCharArray, RandomSource.secure());
    }

    private Swtpm swtpm() {
        return started.orElseThrow();
    }

    @AfterEach
    void stop() {
        started.ifPresent(Swtpm::close);
    }

    @Override
    protected CustodyClass kind() {
        return CustodyClass.TPM;
    }

    @Test
    void aWrongPassphraseIsTriedUntilTheTpmLocks() throws Exception {
        try (Custody custody = open()) {
            custody.make("a", P256).close();
        }
        for (int i = 0; i < 2; i++) {
            try (TpmCustody wrong = open("another passphrase")) {
                for (int j = 0; j < 10; j++) {
                    refused(CustodyCode.LOCKED, () -> wrong.open("a"));
                    refused(CustodyCode.LOCKED, () -> wrong.make("b", P256));
                    refused(CustodyCode.LOCKED, () -> wrong.attest("a", new byte[32]));
                }
            }
        }
        try (Custody right = open()) {
            assertTrue(right.open("a").sign(MESSAGE).length == 64, "two tries were counted, and three lock it");
            assertEquals(List.of("a"), right.list());
        }
    }

    @Test
    void aLockedTpmIsTakenForAWrongPassphrase() throws Exception {
        try (Custody custody = open()) {
            KeptKey key = custody.make("a", P256);
            List<CustodyCode> codes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                try (Custody wrong = open("another passphrase")) {
                    codes.add(assertThrows(CustodyException.class, () -> wrong.open("a"))
                            .code());
                }
            }
            assertEquals(CustodyCode.PIN_LOCKED, codes.getLast(), codes.toString());
            refused(CustodyCode.PIN_LOCKED, () -> key.sign(MESSAGE));
            refused(CustodyCode.PIN_LOCKED, () -> custody.open("a"));
        }
    }

    /** Of what others left loaded a signer flushes nothing, and says what helps. */
    @Test
    void aFullTpmIsTakenForAMissingOneOrEmptied() throws Exception {
        Swtpm.require("tpm2_createprimary");
        // The tools reach it by TCP alone.
        stop();
        started = Optional.of(new Swtpm(Swtpm.Way.TCP));
        try (Custody custody = open()) {
            KeptKey key = custody.make("a", P256);
            for (int i = 0; i < 3; i++) {
                swtpm().tool(folder, "tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc256", "-c", "c" + i);
            }
            CustodyException e = assertThrows(CustodyException.class, () -> key.sign(MESSAGE));
            assertEquals(CustodyCode.FULL, e.code());
            assertTrue(e.next().contains("tpm2_flushcontext -t"), e.next());
            swtpm().tool(folder, "tpm2_flushcontext", "-t");
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)));
        }
    }

    @Test
    void aKeyOfAClearedTpmSignsOrIsMadeAnewUnasked() throws Exception {
        try (Custody custody = open()) {
            KeptKey key = custody.make("a", P256);
            swtpm().restart();
            assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)));
            swtpm().restartCleared();
            CustodyException e = assertThrows(CustodyException.class, () -> key.sign(MESSAGE));
            assertEquals(CustodyCode.DAMAGED, e.code());
            assertTrue(e.next().contains("make another key"), e.next());
            refused(CustodyCode.DAMAGED, () -> custody.open("a"));
            custody.make("b", P256).close();
            swtpm().kill();
            refused(CustodyCode.MISSING, () -> key.sign(MESSAGE));
            refused(CustodyCode.MISSING, () -> open());
        }
    }

    @Test
    void filesOfKeysThatWereExchangedOrAlteredOpen() throws Exception {
        try (Custody custody = open()) {
            custody.make("a", P256).close();
            custody.make("b", P256).close();
            Path a = folder.resolve("keys/a.key");
            byte[] whole = Files.readAllBytes(a);
            Files.write(a, Files.readAllBytes(folder.resolve("keys/b.key")));
            refused(CustodyCode.DAMAGED, () -> custody.open("a"));
            for (int at = 0; at < whole.length; at += 13) {
                byte[] changed = whole.clone();
                changed[at] ^= 2;
                Files.write(a, changed);
                refused(CustodyCode.DAMAGED, () -> custody.open("a"));
            }
            Files.write(a, whole);
            custody.open("a").close();
        }
    }

    @Test
    void aKeyIsMadeUnderAnotherPassphraseThanItsNeighbours() throws Exception {
        try (Custody custody = open()) {
            custody.make("a", P256).close();
        }
        try (Custody other = open("another passphrase")) {
            refused(CustodyCode.LOCKED, () -> other.make("b", P256));
            assertEquals(List.of("a"), other.list());
        }
    }

    @Test
    void whatIsAttestedIsOfAnotherKeyOrAnotherChallenge() throws Exception {
        try (TpmCustody custody = open(WORDS)) {
            KeptKey key = custody.make("a", P256);
            String name = Objects.requireNonNull(custody.evidence("a").facts().get("attestation-key"));
            byte[] challenge = RandomSource.secure().bytes(32);
            TpmEvidence evidence =
                    TpmEvidence.parse(custody.attest("a", challenge).bytes());
            assertEquals(
                    key.verifyKey(),
                    TpmCheck.check(evidence, name, key.verifyKey(), challenge).key());
            assertArrayEquals(
                    evidence.attestationKey(), custody.attest("a", new byte[16]).attestationKey());
            assertNull(custody.evidence("a").facts().get("passphrase"));
        }
    }

    @Test
    void aPassphraseOrASecretIsInAFileOrAMessage() throws Exception {
        try (Custody custody = open()) {
            custody.make("a", P256).close();
            assertFalse(text(folder.resolve("keys/a.key")).contains(WORDS));
            assertFalse(custody.toString().contains(WORDS));
            try (Custody wrong = open("another passphrase")) {
                CustodyException e = assertThrows(CustodyException.class, () -> wrong.open("a"));
                assertFalse((e + e.next() + e.getCause()).contains("another passphrase"));
            }
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
