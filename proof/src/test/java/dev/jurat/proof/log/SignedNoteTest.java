package dev.jurat.proof.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SoftwareKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
    private static final Random RANDOM = new Random(4242);
    private static final NoteSigner LOG = NoteSigner.log("log.example", SoftwareKey.generate(RANDOM::nextBytes));
    private static final NoteSigner WITNESS =
            NoteSigner.cosigner("witness.example", SoftwareKey.generate(RANDOM::nextBytes));
    private static final String TEXT = new Checkpoint("log.example", new TreeSize(1), Hash.ZERO).text();

    @Test
    void theVkeyOfTheSpecificationHasItsId() throws FormatException {
        String vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        NoteVerifier verifier = NoteVerifier.parse(vkey);
        assertEquals("example.com/foo", verifier.name());
        assertEquals(0x530d903a, verifier.keyId());
        assertEquals(vkey, verifier.text());
    }

    @Test
    void aNoteSignedByTheGoImplementationVerifies() throws FormatException {
        String note = """
                If you think cryptography is the answer to your problem,
                then you don't know what your problem is.

                \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
                """;
        NoteVerifier neumann = NoteVerifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        SignedNote parsed = SignedNote.parse(utf8(note));
        assertEquals(List.of(neumann), parsed.verify(List.of(neumann)));
        assertArrayEquals(utf8(note), parsed.bytes());
    }

    @Test
    void cosignaturesCarryTheirTime() throws FormatException {
        SignedNote note = LOG.note(TEXT).with(WITNESS.cosign(TEXT, 1_679_315_147));
        VerifiedCheckpoint open =
                VerifiedCheckpoint.open(SignedNote.parse(note.bytes()), LOG.verifier(), List.of(WITNESS.verifier()));
        assertEquals(List.of(WITNESS.verifier()), open.cosigners());
        assertEquals(
                OptionalLong.of(1_679_315_147),
                WITNESS.verifier().cosignedAtSeconds(note.signatures().get(1)));
        assertEquals(WITNESS.verifier(), NoteVerifier.parse(WITNESS.verifier().text()));
        assertThrows(IllegalStateException.class, () -> WITNESS.sign(TEXT));
        assertThrows(IllegalStateException.class, () -> LOG.cosign(TEXT, 1));
    }

    @Test
    void aChangedTimeSpoilsACosignature() {
        NoteSignature good = WITNESS.cosign(TEXT, 5);
        byte[] bytes = good.bytes();
        bytes[7] ^= 1;
        SignedNote note = LOG.note(TEXT).with(new NoteSignature(good.name(), good.keyId(), bytes));
        refused("note-signature-invalid", note, List.of(WITNESS.verifier()));
    }

    @Test
    void linesOfUnknownKeysArePassedOver() throws FormatException {
        NoteSigner sameName = NoteSigner.log("log.example", SoftwareKey.generate(RANDOM::nextBytes));
        SignedNote note = sameName.note(TEXT).with(LOG.sign(TEXT));
        assertEquals(List.of(LOG.verifier()), note.verify(List.of(LOG.verifier())));
        refused("note-signature-missing", sameName.note(TEXT), List.of(LOG.verifier()));
    }

    @Test
    void oneBadLineOfAKnownKeySpoilsTheNoteWhereverItStands() {
        NoteSignature bad = LOG.sign(TEXT + "other\n");
        refused("note-signature-invalid", LOG.note(TEXT).with(bad), List.of(LOG.verifier()));
        refused("note-signature-invalid", SignedNote.of(TEXT).with(bad).with(LOG.sign(TEXT)), List.of(LOG.verifier()));
    }

    @Test
    void sixteenSignaturesAreRead() throws FormatException {
        SignedNote note = LOG.note(TEXT);
        for (int i = 0; i < 15; i++) {
            note = note.with(NoteSigner.log("w" + i, SoftwareKey.generate(RANDOM::nextBytes))
                    .sign(TEXT));
        }
        assertEquals(16, SignedNote.parse(note.bytes()).signatures().size());
    }

    @Test
    void theTextEndsAtTheLastEmptyLine() throws FormatException {
        String text = "one\n\n\u2014 two dGhyZWVmb3Vy\n\nfive\n";
        SignedNote note = SignedNote.parse(LOG.note(text).bytes());
        assertEquals(text, note.text());
        assertEquals(1, note.signatures().size());
    }

    @Test
    void everyByteOfANoteMatters() {
        byte[] bytes = LOG.note(TEXT).bytes();
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThrows(
                        FormatException.class,
                        () -> SignedNote.parse(changed).verify(List.of(LOG.verifier())),
                        "byte " + i + " bit " + bit);
            }
        }
    }

    @Test
    void whatIsReadIsWhatWouldBeWritten() {
        Random random = new Random(77);
        byte[] seed = LOG.note(TEXT).with(WITNESS.cosign(TEXT, 9)).bytes();
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = seed.clone();
            changed[random.nextInt(changed.length)] = seed[random.nextInt(seed.length)];
            try {
                assertArrayEquals(changed, SignedNote.parse(changed).bytes());
                accepted++;
            } catch (FormatException e) {
                assertTrue(e.code().startsWith("note-"), e.code());
            }
        }
        assertTrue(accepted > 1000, "too few accepted to say anything");
    }

    private static void refused(String code, SignedNote note, List<NoteVerifier> known) {
        assertEquals(
                code,
                assertThrows(FormatException.class, () -> note.verify(known)).code());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
