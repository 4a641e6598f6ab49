package dev.jurat.proof.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingsTest {
    @ParameterizedTest
    @CsvSource({"'',''", "f,my", "fo,mzxq", "foo,mzxw6", "foob,mzxw6yq", "fooba,mzxw6ytb", "foobar,mzxw6ytboi"})
    void base32HasTheKnownAnswersOfRfc4648(String plain, String text) throws FormatException {
        byte[] bytes = plain.getBytes(StandardCharsets.US_ASCII);
        assertEquals(text, Base32.encode(bytes));
        assertArrayEquals(bytes, Base32.decode(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MY", "my======", "m", "mz", "mzx", "mzxw6y", "m1", "m8", " my", "my\n"})
    void base32RefusesWhatItWouldNotWrite(String text) {
        assertEquals(
                "base32",
                assertThrows(FormatException.class, () -> Base32.decode(text)).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zg", "Zh==", "Zg= =", "Zg==\n", "Z-==", "Zg===", "="})
    void base64RefusesWhatItWouldNotWrite(String text) {
        assertEquals(
                "base64",
                assertThrows(FormatException.class, () -> Base64Text.decode(text))
                        .code());
    }

    @Test
    void paeIsTheExampleOfTheDsseProtocol() {
        byte[] pae = Dsse.pae("http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8));
        assertEquals("DSSEv1 29 http://example.com/HelloWorld 11 hello world", new String(pae, StandardCharsets.UTF_8));
    }

    @Test
    void paeCountsBytesAndNotCharacters() {
        byte[] pae = Dsse.pae("é", "ü€".getBytes(StandardCharsets.UTF_8));
        assertEquals("DSSEv1 2 é 5 ü€", new String(pae, StandardCharsets.UTF_8));
    }
}
