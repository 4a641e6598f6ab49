package dev.jurat.assurance.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The forms in which a secret may lie somewhere: as it is, reversed, in hexadecimal, in base64 of either alphabet wherever in a longer text it begins,
 * so that a PKCS#8 document or a PEM of it is found too; a key's seed also as the scalar that signs, a text also in two bytes a character.
 */
public final class SecretForms {
    private static final int SEED_BYTES = 32;

    private final String name;
    private final Map<String, byte[]> forms = new LinkedHashMap<>();

    private SecretForms(String name) {
        this.name = name;
    }

    /** Of an Ed25519 seed. */
    public static SecretForms ofSeed(String name, byte[] seed) {
        SecretForms all = new SecretForms(name);
        all.put("seed", seed);
        byte[] half = Arrays.copyOf(sha512(seed), SEED_BYTES);
        all.put("half of the hash", half);
        byte[] scalar = half.clone();
        scalar[0] &= (byte) 0xf8;
        scalar[SEED_BYTES - 1] = (byte) (scalar[SEED_BYTES - 1] & 0x3f | 0x40);
        all.put("scalar", scalar);
        return all;
    }

    /** Of a passphrase or PIN. */
    public static SecretForms ofText(String name, String text) {
        SecretForms all = new SecretForms(name);
        all.put("text", text.getBytes(StandardCharsets.UTF_8));
        for (Charset wide : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
            all.forms.put("text in " + wide, text.getBytes(wide));
        }
        return all;
    }

    private void put(String what, byte[] bytes) {
        forms.put(what, bytes);
        forms.put(what + " reversed", reversed(bytes));
        forms.put(what + " in hex", ascii(HexFormat.of().formatHex(bytes)));
        forms.put(what + " in HEX", ascii(HexFormat.of().withUpperCase().formatHex(bytes)));
        for (int before = 0; before < 3; before++) {
            forms.put(what + " in base64 after " + before, within(Base64.getEncoder(), bytes, before));
            forms.put(what + " in base64url after " + before, within(Base64.getUrlEncoder(), bytes, before));
        }
    }

    /** The characters that stand for these bytes alone, where so many come before them. */
    private static byte[] within(Base64.Encoder encoder, byte[] bytes, int before) {
        byte[] padded = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, padded, before, bytes.length);
        String text = encoder.withoutPadding().encodeToString(padded);
        int from = (8 * before + 5) / 6;
        return ascii(text.substring(from, 8 * padded.length / 6));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes[bytes.length - 1 - i];
        }
        return out;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha512(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-512", e);
        }
    }

    public String name() {
        return name;
    }

    /** Each form by a name of it. */
    public Map<String, byte[]> forms() {
        return new TreeMap<>(forms);
    }

    /** All forms, one after the other: what a search must find every one of. */
    public byte[] sample() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] form : forms.values()) {
            out.write(form);
            out.write('\n');
        }
        return out.toByteArray();
    }
}
