package dev.jurat.proof.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jurat.proof.FormatException;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evidence made by somebody who has an attestation key in software, and lies in one place. */
class TpmCheckTest {
    private static final int FIXED = 0x32;
    private static final int SIGNING = FIXED | 1 << 6 | 1 << 18;
    private static final int ATTESTING = SIGNING | 1 << 10 | 1 << 16;
    private static final int MAGIC = 0xff544347;
    private static final byte[] CHALLENGE = {1, 2, 3};

    private final KeyPair signer = pair();
    private final KeyPair key = pair();

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] coordinate(java.math.BigInteger value) {
        return HexFormat.of().parseHex(String.format("%064x", value));
    }

    private static byte[] area(KeyPair pair, int nameAlgorithm, int attributes) {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        ByteBuffer out = ByteBuffer.allocate(200).putShort((short) 0x23).putShort((short) nameAlgorithm);
        out.putInt(attributes).putShort((short) 0).putShort((short) 0x10).putShort((short) 0x18);
        out.putShort((short) 0xb).putShort((short) 3).putShort((short) 0x10);
        out.putShort((short) 32).put(coordinate(key.getW().getAffineX()));
        out.putShort((short) 32).put(coordinate(key.getW().getAffineY()));
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] attest(int magic, int type, byte[] name) {
        ByteBuffer out = ByteBuffer.allocate(300).putInt(magic).putShort((short) type);
        out.putShort((short) 0).putShort((short) 3).put(CHALLENGE);
        out.putLong(9).putInt(4).putInt(5).put((byte) 1).putLong(6);
        out.putShort((short) name.length).put(name).putShort((short) 0);
        return Arrays.copyOf(out.array(), out.position());
    }

    private String check(byte[] attesting, byte[] area, byte[] attestation) throws Exception {
        Signature by = Signature.getInstance("SHA256withECDSAinP1363Format");
        by.initSign(signer.getPrivate());
        by.update(attestation);
        byte[] raw = by.sign();
        byte[] low = TpmPoint.lowS(Arrays.copyOf(raw, 32), Arrays.copyOfRange(raw, 32, 64));
        String name = TpmPublic.parse(area).nameText();
        TpmEvidence evidence =
                new TpmEvidence(attesting, area, name, attestation, low, "IBM", "0".repeat(16), Optional.empty());
        ECPublicKey asked = (ECPublicKey) key.getPublic();
        TpmPoint point = TpmPoint.of(
                coordinate(asked.getW().getAffineX()), coordinate(asked.getW().getAffineY()));
        return TpmCheck.check(
                        TpmEvidence.parse(evidence.bytes()),
                        TpmPublic.parse(attesting).nameText(),
                        point.key(),
                        CHALLENGE)
                .name();
    }

    private String refusal(int attestingAttributes, int attributes, int magic, int type) {
        byte[] attesting = area(signer, 0xb, attestingAttributes);
        byte[] area = area(key, 0xb, attributes);
        return assertThrows(FormatException.class, () -> check(attesting, area, attest(magic, type, name(area))))
                .code();
    }

    private static byte[] name(byte[] area) throws FormatException {
        return TpmPublic.parse(area).name();
    }

    @Test
    void honestEvidenceIsRefused() throws Exception {
        byte[] area = area(key, 0xb, SIGNING);
        byte[] said = attest(MAGIC, 0x8017, name(area));
        assertEquals(HexFormat.of().formatHex(name(area)), check(area(signer, 0xb, ATTESTING), area, said));
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 1, 1 << 4, 1 << 5})
    void aKeyThatWasImportedOrCanLeaveIsTakenForResident(int cleared) {
        assertEquals("tpm-key-moves", refusal(ATTESTING, SIGNING & ~cleared, MAGIC, 0x8017));
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 1, 1 << 4, 1 << 5, 1 << 16, 1 << 18})
    void anAttestationKeyThatIsFreeIsBelieved(int cleared) {
        assertEquals("tpm-attestation-key-free", refusal(ATTESTING & ~cleared, SIGNING, MAGIC, 0x8017));
    }

    @ParameterizedTest
    @CsvSource({"0, 0, tpm-magic", "-11254969, 32792, tpm-attestation-type"})
    void whatTheTpmDidNotMakeIsBelieved(int magic, int type, String code) {
        assertEquals(code, refusal(ATTESTING, SIGNING, magic, type));
    }

    @Test
    void aRestrictedOrDumbKeyIsTakenForASigningKey() {
        assertEquals("tpm-key-use", refusal(ATTESTING, ATTESTING, MAGIC, 0x8017));
        assertEquals("tpm-key-use", refusal(ATTESTING, SIGNING & ~(1 << 18), MAGIC, 0x8017));
    }

    @Test
    void anotherNameAlgorithmOrAPointOffTheCurveIsRead() {
        byte[] other = area(key, 0xc, SIGNING);
        assertEquals("tpm-name-algorithm", parsing(other));
        byte[] off = area(key, 0xb, SIGNING);
        off[off.length - 1] ^= 1;
        assertEquals("tpm-point", parsing(off));
    }

    private static String parsing(byte[] area) {
        return assertThrows(FormatException.class, () -> TpmPublic.parse(area)).code();
    }

    @Test
    void aStructureThatIsCutOrTooLongIsRead() throws Exception {
        byte[] area = area(key, 0xb, SIGNING);
        byte[] said = attest(MAGIC, 0x8017, name(area));
        for (int length = 0; length < area.length; length++) {
            byte[] cut = Arrays.copyOf(area, length);
            assertThrows(FormatException.class, () -> TpmPublic.parse(cut));
        }
        for (int length = 0; length < said.length; length++) {
            byte[] cut = Arrays.copyOf(said, length);
            assertThrows(FormatException.class, () -> TpmAttest.parse(cut));
        }
        assertEquals("tpm-structure", parsing(Arrays.copyOf(area, area.length + 1)));
        assertEquals("tpm-structure", parsing(new byte[257]));
        assertThrows(FormatException.class, () -> TpmAttest.parse(Arrays.copyOf(said, said.length + 1)));
    }
}
