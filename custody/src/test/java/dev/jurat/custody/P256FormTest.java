package dev.jurat.custody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class P256FormTest {
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void theJdksSignaturesAndKeysComeOutAsOthers() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Signature der = Signature.getInstance("SHA256withECDSA");
        for (int i = 0; i < 200; i++) {
            der.initSign(pair.getPrivate());
            der.update((byte) i);
            byte[] raw = P256Form.ofDer(der.sign()).orElseThrow();
            BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64));
            assertTrue(s.compareTo(ORDER.shiftRight(1)) <= 0);
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(pair.getPublic());
            check.update((byte) i);
            assertTrue(check.verify(raw));
        }
        byte[] key = P256Form.compressedOfSpki(pair.getPublic().getEncoded()).orElseThrow();
        ECPublicKey point = (ECPublicKey) pair.getPublic();
        assertEquals(point.getW().getAffineX(), new BigInteger(1, Arrays.copyOfRange(key, 1, 33)));
        assertEquals(point.getW().getAffineY().testBit(0) ? 3 : 2, key[0]);
    }

    @Test
    void derThatIsNotTheOneFormIsRead() {
        assertArrayEquals(
                hex("00".repeat(31) + "01" + "00".repeat(31) + "02"),
                P256Form.ofDer(hex("3006020101020102")).orElseThrow());
        for (String bad : List.of(
                "",
                "3006020101020102ff",
                "3007020101020102",
                "300602010102010",
                "308106020101020102",
                "30060201ff020102",
                "3007020200010201" + "02",
                "3006030101020102",
                "3006020102",
                "3006020001020102",
                "30050201010200",
                "3026022101" + "00".repeat(32) + "020101")) {
            if (bad.length() % 2 == 0) {
                assertEquals(Optional.empty(), P256Form.ofDer(hex(bad)), bad);
            }
        }
    }

    @Test
    void aKeyOfAnotherCurveOrFormIsTaken() {
        assertTrue(P256Form.compressed(new byte[65]).isEmpty());
        assertTrue(P256Form.compressed(new byte[33]).isEmpty());
        assertTrue(P256Form.compressedOfSpki(new byte[91]).isEmpty());
        assertTrue(P256Form.compressedOfSpki(hex("302a300506032b6570032100" + "00".repeat(32)))
                .isEmpty());
    }

    /** Another y of the same parity, the other parity, and x of another point: each would be somebody's key. */
    @Test
    void aPointOffTheCurveComesOutAsAnothersKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] spki = generator.generateKeyPair().getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(spki, spki.length - 65, spki.length);
        assertTrue(P256Form.compressed(point).isPresent());
        for (int at : new int[] {1, 32, 33, 63, 64}) {
            for (int bit : new int[] {0, 1, 7}) {
                byte[] off = point.clone();
                off[at] ^= (byte) (1 << bit);
                assertEquals(Optional.empty(), P256Form.compressed(off), at + " " + bit);
            }
        }
    }

    @Test
    void lowSLosesWhatItIsNot() {
        byte[] half = new byte[64];
        System.arraycopy(bytes(ORDER.shiftRight(1)), 0, half, 32, 32);
        assertArrayEquals(half, P256Form.lowS(half));
        byte[] above = new byte[64];
        System.arraycopy(bytes(ORDER.shiftRight(1).add(BigInteger.ONE)), 0, above, 32, 32);
        assertArrayEquals(half, P256Form.lowS(above));
        byte[] order = new byte[64];
        System.arraycopy(bytes(ORDER), 0, order, 32, 32);
        assertArrayEquals(order, P256Form.lowS(order));
        assertArrayEquals(new byte[63], P256Form.lowS(new byte[63]));
    }

    private static byte[] bytes(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return bytes.length > 32
                ? Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length)
                : hex("0".repeat(64 - 2 * bytes.length) + HexFormat.of().formatHex(bytes));
    }
}
