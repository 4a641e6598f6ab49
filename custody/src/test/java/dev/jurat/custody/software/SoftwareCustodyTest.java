package dev.jurat.custody.software;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyContract;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.PassphraseSeal;
import dev.jurat.custody.Secret;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftwareCustodyTest extends CustodyContract {
    private static final Suite ED25519 = Suite.ED25519_2026;

    @TempDir
    Path folder;

    private Path keys() {
        return folder.resolve("keys");
    }

    private Custody with(String passphrase) {
        return SoftwareCustody.in(keys(), passphrase::toCharArray, PassphraseSeal.Cost.LIGHT, RandomSource.secure());
    }

    @Override
    protected Custody open() {
        return with("correct horse");
    }

    @Override
    protected CustodyClass kind() {
        return CustodyClass.SOFTWARE;
    }

    @Test
    void aWrongPassphraseOpensAKey() {
        open().make("a", ED25519);
        refused(CustodyCode.LOCKED, () -> with("incorrect horse").open("a"));
    }

    /** As by a bit that memory lost, which gives a signature of no key that anybody knows. */
    @Test
    void aKeyWhoseSecretWasFlippedInMemorySigns() {
        for (Suite suite : SecretKeys.SUITES) {
            for (int bit : new int[] {0, 77, 128, 255}) {
                byte[] secret = SecretKeys.secret(suite, RandomSource.secure());
                try (KeptKey key = SecretKeys.key(SecretKeys.publicKey(suite, secret), secret)) {
                    assertTrue(key.verifyKey().verifies(MESSAGE, key.sign(MESSAGE)));
                    secret[bit / 8] ^= (byte) (1 << bit % 8);
                    refused(CustodyCode.FAILED, () -> key.sign(MESSAGE));
                }
            }
        }
    }

    /** Closed at any moment, it signs, or says that it was closed: never with what is left of a secret, and never another way. */
    @Test
    void aKeyThatIsClosedMeanwhileSignsWithHalfOfIt() throws Exception {
        for (Suite suite : SecretKeys.SUITES) {
            for (int i = 0; i < 300; i++) {
                byte[] secret = SecretKeys.secret(suite, RandomSource.secure());
                KeptKey key = SecretKeys.key(SecretKeys.publicKey(suite, secret), secret);
                key.sign(MESSAGE);
                CountDownLatch signing = new CountDownLatch(1);
                Thread closing = Thread.ofPlatform().start(() -> {
                    awaited(signing);
                    key.close();
                });
                CustodyException end = assertThrows(CustodyException.class, () -> {
                    signing.countDown();
                    while (true) {
                        key.sign(MESSAGE);
                    }
                });
                closing.join();
                assertEquals(CustodyCode.LOCKED, end.code(), () -> String.valueOf(end.getMessage()));
                assertArrayEquals(new byte[32], secret);
            }
        }
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aSecondKeyIsSealedUnderAMistypedPassphrase() {
        open().make("a", ED25519);
        refused(CustodyCode.LOCKED, () -> with("incorrect horse").make("b", ED25519));
        assertEquals(List.of("a"), open().list());
    }

    @Test
    void aPassphraseIsLeftWithItsCaller() {
        char[] typed = "correct horse".toCharArray();
        SoftwareCustody.in(keys(), () -> typed, PassphraseSeal.Cost.LIGHT, RandomSource.secure())
                .close();
        assertArrayEquals(new char[typed.length], typed);
    }

    @Test
    void aFolderThatIsNotThereIsEmpty() {
        refused(CustodyCode.MISSING, () -> open().list());
        refused(CustodyCode.MISSING, () -> open().open("a"));
        refused(
                CustodyCode.MISSING,
                () -> SoftwareCustody.in(
                                folder.resolve("no/such"),
                                "correct horse"::toCharArray,
                                PassphraseSeal.Cost.LIGHT,
                                RandomSource.secure())
                        .make("a", ED25519));
    }

    @Test
    void aFileIsReadableByOthersOrHasMoreThanTheKey() throws IOException {
        open().make("a", ED25519);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(keys())));
        try (Stream<Path> files = Files.list(keys())) {
            List<Path> all = files.toList();
            assertEquals(List.of(keys().resolve("a.key")), all);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(all.getFirst())));
        }
    }

    @Test
    void whatIsOpenToOthersIsUsed() throws IOException {
        open().make("a", ED25519);
        Path file = keys().resolve("a.key");
        for (String mode : List.of("rw-r-----", "rw----r--", "rw-rw-rw-", "rwx------")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            refused(CustodyCode.UNSAFE, () -> open().open("a"));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        for (String mode : List.of("rwxr-x---", "rwx--x--x", "rwxrwxrwx")) {
            Files.setPosixFilePermissions(keys(), PosixFilePermissions.fromString(mode));
            refused(CustodyCode.UNSAFE, () -> open().open("a"));
            refused(CustodyCode.UNSAFE, () -> open().make("b", ED25519));
            refused(CustodyCode.UNSAFE, () -> open().list());
        }
    }

    @Test
    void aLinkIsFollowed() throws IOException {
        open().make("a", ED25519);
        Path real = folder.resolve("real.key");
        Files.move(keys().resolve("a.key"), real);
        Files.createSymbolicLink(keys().resolve("a.key"), real);
        refused(CustodyCode.UNSAFE, () -> open().open("a"));
        refused(CustodyCode.UNSAFE, () -> open().make("a", ED25519));
        assertTrue(Files.exists(real));
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(keys(), elsewhere);
        Files.createSymbolicLink(keys(), elsewhere);
        refused(CustodyCode.UNSAFE, () -> open().list());
        refused(CustodyCode.UNSAFE, () -> open().make("b", ED25519));
    }

    @Test
    void aDirectoryOrAHugeFileIsRead() throws IOException {
        open().make("a", ED25519);
        Files.createDirectory(
                keys().resolve("d.key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        refused(CustodyCode.UNSAFE, () -> open().open("d"));
        Path huge = keys().resolve("h.key");
        Files.createFile(huge, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(huge, new byte[1 << 20]);
        refused(CustodyCode.DAMAGED, () -> open().open("h"));
    }

    @Test
    void aFileThatWasChangedOrRenamedOpens() throws IOException {
        open().make("a", ED25519);
        open().make("b", ED25519);
        Path a = keys().resolve("a.key");
        byte[] good = Files.readAllBytes(a);
        Files.write(keys().resolve("b.key"), good);
        refused(CustodyCode.DAMAGED, () -> open().open("b"));
        String text = new String(good, StandardCharsets.UTF_8);
        for (String bad : List.of(
                text.replace("argon2id-19m-2-1", "argon2id-1m-1-1"),
                text.replace("ed25519-2026", "hybrid-2026"),
                text.replace("\"name\":\"a\"", "\"name\":\"b\""),
                text.replace("{\"cipher\"", "{ \"cipher\""),
                text.substring(0, text.length() - 1),
                "")) {
            Files.writeString(a, bad);
            refused(CustodyCode.DAMAGED, () -> open().open("a"));
        }
        Files.writeString(a, text.replace("argon2id-19m-2-1", "argon2id-64m-3-1"));
        refused(CustodyCode.LOCKED, () -> open().open("a"));
    }

    /** Zero, the order, and what is beyond it, sealed under the right passphrase. */
    @Test
    void aNumberThatIsNoSecretOfP256IsAKey() throws IOException {
        VerifyKey real = open().make("a", Suite.P256_2026).verifyKey();
        String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        for (String number : List.of("00".repeat(32), order, "ff".repeat(32))) {
            try (Secret passphrase = Secret.of("correct horse"::toCharArray)) {
                byte[] secret = HexFormat.of().parseHex(number);
                KeyFile bad =
                        KeyFile.seal("a", real, secret, passphrase, PassphraseSeal.Cost.LIGHT, RandomSource.secure());
                Files.write(keys().resolve("a.key"), bad.bytes());
            }
            refused(CustodyCode.DAMAGED, () -> open().open("a"));
        }
    }

    @Test
    void theOpenPartOfTheFileHasTheSecret() throws IOException {
        byte[] fixed = new byte[32];
        java.util.Arrays.fill(fixed, (byte) 0x5a);
        Custody custody = SoftwareCustody.in(
                keys(),
                "correct horse"::toCharArray,
                PassphraseSeal.Cost.LIGHT,
                bytes -> java.util.Arrays.fill(bytes, (byte) 0x5a));
        custody.make("a", ED25519);
        byte[] file = Files.readAllBytes(keys().resolve("a.key"));
        String base64 = java.util.Base64.getEncoder().encodeToString(fixed);
        assertFalse(new String(file, StandardCharsets.UTF_8).contains(base64));
    }
}
