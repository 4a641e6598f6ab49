package dev.jurat.app.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.PassphraseSeal;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SealedKeyTest {
    private static final String PRINCIPAL = "home/aaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static final SoftwareKey key = SoftwareKey.generate(RandomSource.secure());
    private static final SealedKey sealed = seal(PassphraseSeal.Cost.STANDARD);

    private static SealedKey seal(PassphraseSeal.Cost cost) {
        return SealedKey.seal("ann", PRINCIPAL, key, "correct horse".toCharArray(), cost, RandomSource.secure());
    }

    @TempDir
    Path folder;

    @Test
    void theRightPassphraseDoesNotOpen() {
        assertEquals(
                key.verifyKey(),
                sealed.open("correct horse".toCharArray()).orElseThrow().verifyKey());
    }

    @Test
    void aLightKeyIsForgottenToBeLight() throws FormatException {
        SealedKey light = SealedKey.read(seal(PassphraseSeal.Cost.LIGHT).bytes());
        assertEquals(PassphraseSeal.Cost.LIGHT, light.cost());
        assertTrue(light.open("correct horse".toCharArray()).isPresent());
    }

    @Test
    void aWrongPassphraseOpens() {
        assertTrue(sealed.open("correct horsf".toCharArray()).isEmpty());
    }

    @Test
    void theSeedStandsInTheFile() {
        String file = new String(sealed.bytes(), StandardCharsets.ISO_8859_1);
        assertFalse(file.contains(java.util.Base64.getEncoder().encodeToString(key.dangerouslySeed())));
    }

    @ParameterizedTest
    @CsvSource({
        "ann,bob",
        "argon2id-64m-3-1,argon2id-19m-2-1",
        "home/aaaaaaaaaaaaaaaaaaaaaaaaaa,home/baaaaaaaaaaaaaaaaaaaaaaaaa"
    })
    void whatIsBesideTheSecretCanBeExchanged(String from, String to) throws FormatException {
        byte[] altered = new String(sealed.bytes(), StandardCharsets.UTF_8)
                .replace(from, to)
                .getBytes(StandardCharsets.UTF_8);
        assertTrue(SealedKey.read(altered).open("correct horse".toCharArray()).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "argon2id-64m-3-1, argon2id-1k-1-1, key-file-syntax",
        "operator-key/v1,  operator-key/v2, key-file-syntax",
        "'\"salt\":\"',    '\"salt\":\"AA', key-file-syntax",
        "'\"name\":',      '\"nome\":',     member-missing",
    })
    void aFileThatWeWouldNotWriteIsRead(String from, String to, String code) {
        byte[] altered = new String(sealed.bytes(), StandardCharsets.UTF_8)
                .replace(from, to)
                .getBytes(StandardCharsets.UTF_8);
        FormatException e = assertThrows(FormatException.class, () -> SealedKey.read(altered));
        assertTrue(e.code().equals(code) || e.code().equals("json-not-canonical"), e.code());
    }

    @Test
    void othersCanReadTheFile() throws IOException, FormatException {
        Operators operators = new Operators(new JuratHome(folder));
        operators.save(sealed);
        Path file = folder.resolve("operators/ann.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        assertArrayEquals(sealed.bytes(), operators.find("ann").orElseThrow().bytes());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThrows(IOException.class, () -> operators.find("ann"));
    }

    @ParameterizedTest
    @CsvSource({"../ann", "a/b", ".hidden", "''", "a b"})
    void aNameLeavesTheFolder(String name) {
        assertFalse(Operators.nameAllowed(name));
    }
}
