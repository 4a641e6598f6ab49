package dev.jurat.testkit.vectors;

import static dev.jurat.testkit.vectors.TpmForgery.ATTESTING;
import static dev.jurat.testkit.vectors.TpmForgery.CERTIFY;
import static dev.jurat.testkit.vectors.TpmForgery.DECRYPT;
import static dev.jurat.testkit.vectors.TpmForgery.MAGIC;
import static dev.jurat.testkit.vectors.TpmForgery.RESTRICTED;
import static dev.jurat.testkit.vectors.TpmForgery.SIGN;
import static dev.jurat.testkit.vectors.TpmForgery.SIGNING;

import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.testkit.vectors.TpmForgery.Area;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Evidence that a key lives in a TPM: sound, and wrong in one place. */
final class TpmCases {
    /**
     * One case.
     *
     * @param believed the name of the attestation key that the reader believes
     * @param asked the name of our key pair that the reader asks about
     * @param code why it is refused; empty where it is not
     */
    record Case(String name, byte[] evidence, String believed, String asked, byte[] challenge, String code) {}

    private static final byte[] CHALLENGE = "thirty-two bytes that are fresh.".getBytes(StandardCharsets.US_ASCII);
    private static final String SIGNER = "attestation key";
    private static final String KEY = "key";

    /** Evidence as it is made up, before one thing of it is changed. */
    private record Made(byte[] signer, byte[] key, String name, byte[] said, byte[] signature) {
        static Made of(byte[] signer, byte[] key, byte[] said) {
            return new Made(signer, key, hex(TpmForgery.name(key)), said, TpmForgery.sign(SIGNER, said));
        }

        Made named(String other) {
            return new Made(signer, key, other, said, signature);
        }

        Made signed(byte[] other) {
            return new Made(signer, key, name, said, other);
        }

        byte[] bytes(Optional<byte[]> certificate) {
            return new TpmEvidence(signer, key, name, said, signature, "IBM", "2019102300163636", certificate).bytes();
        }
    }

    private final List<Case> cases = new ArrayList<>();
    private final Area signer = Area.of(SIGNER, ATTESTING);
    private final Area key = Area.of(KEY, SIGNING);

    private TpmCases() {}

    static List<Case> all() {
        TpmCases all = new TpmCases();
        all.sound();
        all.ofForm();
        all.ofStructures();
        all.ofTheAttestationKey();
        all.ofWhatIsSaid();
        all.ofTheKey();
        return List.copyOf(all.cases);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] certify(byte[] area) {
        return TpmForgery.attest(MAGIC, CERTIFY, CHALLENGE, TpmForgery.name(area));
    }

    private Made made(byte[] signer, byte[] key) {
        return Made.of(signer, key, certify(key));
    }

    private Made honest() {
        return made(signer.bytes(), key.bytes());
    }

    private void add(String name, Made made, String code) {
        add(name, made.bytes(Optional.empty()), hex(TpmForgery.name(made.signer())), code);
    }

    private void add(String name, byte[] evidence, String believed, String code) {
        cases.add(new Case(name, evidence, believed, KEY, CHALLENGE, code));
    }

    private void sound() {
        add("accept", honest(), "");
        String believed = hex(TpmForgery.name(signer.bytes()));
        add("accept-with-a-certificate", honest().bytes(Optional.of(new byte[] {0x30, 0})), believed, "");
        Made unasked = Made.of(
                signer.bytes(),
                key.bytes(),
                TpmForgery.attest(MAGIC, CERTIFY, new byte[0], TpmForgery.name(key.bytes())));
        cases.add(new Case(
                "accept-without-a-challenge", unasked.bytes(Optional.empty()), believed, KEY, new byte[0], ""));
        add("accept-where-wrong-passwords-do-not-count", made(signer.bytes(), with(key, 1 << 10)), "");
        String small = smallX();
        byte[] x = TpmForgery.point(small).getAffineXCoord().getEncoded();
        byte[] y = TpmForgery.point(small).getAffineYCoord().getEncoded();
        byte[] area = key.at(Arrays.copyOfRange(x, 1, 32), y).bytes();
        cases.add(new Case(
                "accept-a-coordinate-without-its-zero",
                made(signer.bytes(), area).bytes(Optional.empty()),
                believed,
                small,
                CHALLENGE,
                ""));
    }

    private static String smallX() {
        int i = 0;
        while (TpmForgery.point("key " + i).getAffineXCoord().getEncoded()[0] != 0) {
            i++;
        }
        return "key " + i;
    }

    private static byte[] with(Area area, int more) {
        return area.attributes(area.attributes() | more).bytes();
    }

    private static byte[] without(Area area, int less) {
        return area.attributes(area.attributes() & ~less).bytes();
    }

    private void text(String name, UnaryOperator<String> change, String code) {
        String text = new String(honest().bytes(Optional.empty()), StandardCharsets.UTF_8);
        String other = change.apply(text);
        if (other.equals(text)) {
            throw new IllegalStateException(name + " changes nothing");
        }
        add(name, other.getBytes(StandardCharsets.UTF_8), hex(TpmForgery.name(signer.bytes())), code);
    }

    private void ofForm() {
        text("another-version", t -> t.replace("evidence/v1", "evidence/v2"), "tpm-evidence-format");
        text(
                "a-name-in-capitals",
                t -> t.replace(
                        hex(TpmForgery.name(key.bytes())),
                        hex(TpmForgery.name(key.bytes())).toUpperCase(java.util.Locale.ROOT)),
                "tpm-evidence-format");
        text("a-manufacturer-of-five", t -> t.replace("\"IBM\"", "\"IBMIB\""), "tpm-evidence-format");
        text("a-firmware-that-is-short", t -> t.replace("2019102300163636", "20191023"), "tpm-evidence-format");
        text("a-space-more", t -> t.replace(",\"key\"", ", \"key\""), "json-not-canonical");
        text("a-member-more", t -> t.replace("{\"attestation\"", "{\"a\":1,\"attestation\""), "member-unknown");
        text(
                "a-member-less",
                t -> t.replace(",\"tpm\":{\"firmware\":\"2019102300163636\",\"manufacturer\":\"IBM\"}", ""),
                "member-missing");
        text("a-member-more-of-the-tpm", t -> t.replace("\"IBM\"", "\"IBM\",\"model\":\"x\""), "member-unknown");
        String believed = hex(TpmForgery.name(signer.bytes()));
        add("an-empty-certificate", honest().bytes(Optional.of(new byte[0])), believed, "tpm-evidence-size");
        add("a-certificate-too-large", honest().bytes(Optional.of(new byte[8193])), believed, "tpm-evidence-size");
    }

    private void ofStructures() {
        byte[] area = key.bytes();
        add("a-key-cut", made(signer.bytes(), Arrays.copyOf(area, area.length - 1)), "tpm-structure");
        add("a-key-with-a-byte-more", made(signer.bytes(), Arrays.copyOf(area, area.length + 1)), "tpm-structure");
        add("a-key-too-large", made(signer.bytes(), Arrays.copyOf(area, 257)), "tpm-structure");
        add(
                "a-coordinate-of-33-bytes",
                made(signer.bytes(), key.at(new byte[33], new byte[32]).bytes()),
                "tpm-structure");
        byte[] attesting = signer.bytes();
        add("an-attestation-key-cut", made(Arrays.copyOf(attesting, 40), area), "tpm-structure");
        byte[] said = certify(area);
        add("an-attestation-cut", Made.of(attesting, area, Arrays.copyOf(said, said.length - 1)), "tpm-structure");
        add(
                "an-attestation-with-a-byte-more",
                Made.of(attesting, area, Arrays.copyOf(said, said.length + 1)),
                "tpm-structure");
        add("an-attestation-too-large", Made.of(attesting, area, Arrays.copyOf(said, 513)), "tpm-structure");
        byte[] flagged = said.clone();
        // The flag of a safe clock: behind magic, type, qualified signer, challenge, clock and two counts.
        flagged[4 + 2 + 2 + 34 + 2 + 32 + 8 + 8] = 2;
        add("a-flag-of-two", Made.of(attesting, area, flagged), "tpm-structure");
        add("a-key-of-rsa", made(attesting, key.type(1).bytes()), "tpm-key-type");
        add("a-key-of-p384", made(attesting, key.curve(4).bytes()), "tpm-key-type");
        add("a-key-that-derives", made(attesting, key.kdf(0x20).bytes()), "tpm-key-type");
        add("a-key-that-signs-by-ecschnorr", made(attesting, key.scheme(0x1c).bytes()), "tpm-key-type");
        add("a-name-of-sha384", made(attesting, key.nameAlgorithm(0xc).bytes()), "tpm-name-algorithm");
        byte[] off = key.y().clone();
        off[31] ^= 1;
        add("a-point-off-the-curve", made(attesting, key.at(key.x(), off).bytes()), "tpm-point");
        byte[] beyond = new byte[32];
        Arrays.fill(beyond, (byte) 0xff);
        add(
                "a-coordinate-beyond-the-field",
                made(attesting, key.at(beyond, key.y()).bytes()),
                "tpm-point");
    }

    private void ofTheAttestationKey() {
        add(
                "another-attestation-key",
                honest().bytes(Optional.empty()),
                hex(TpmForgery.name(key.bytes())),
                "tpm-attestation-key");
        for (int bit : new int[] {1, 4, 5, 16, 18}) {
            add(
                    "an-attestation-key-without-bit-" + bit,
                    made(without(signer, 1 << bit), key.bytes()),
                    "tpm-attestation-key-free");
        }
        add("an-attestation-key-that-decrypts", made(with(signer, DECRYPT), key.bytes()), "tpm-attestation-key-free");
        add(
                "an-attestation-key-of-no-scheme",
                made(signer.scheme(0x10).bytes(), key.bytes()),
                "tpm-attestation-key-free");
        Made honest = honest();
        byte[] other = honest.signature().clone();
        other[40] ^= 1;
        add("a-signature-changed", honest.signed(other), "tpm-attestation-signature");
        add(
                "a-signature-of-high-s",
                honest.signed(TpmForgery.signHigh(SIGNER, honest.said())),
                "tpm-attestation-signature");
        add("a-signature-of-63-bytes", honest.signed(Arrays.copyOf(other, 63)), "tpm-attestation-signature");
        add("a-signature-of-zeros", honest.signed(new byte[64]), "tpm-attestation-signature");
        add(
                "a-signature-by-the-key-itself",
                honest.signed(TpmForgery.sign(KEY, honest.said())),
                "tpm-attestation-signature");
        add(
                "a-signature-of-another-attestation",
                honest.signed(TpmForgery.sign(SIGNER, new byte[1])),
                "tpm-attestation-signature");
    }

    private void ofWhatIsSaid() {
        byte[] name = TpmForgery.name(key.bytes());
        add("another-magic", said(TpmForgery.attest(0xff544348, CERTIFY, CHALLENGE, name)), "tpm-magic");
        add("a-quote", said(TpmForgery.attest(MAGIC, 0x8018, CHALLENGE, name)), "tpm-attestation-type");
        add("another-challenge", said(TpmForgery.attest(MAGIC, CERTIFY, new byte[32], name)), "tpm-challenge");
        add(
                "a-challenge-cut",
                said(TpmForgery.attest(MAGIC, CERTIFY, Arrays.copyOf(CHALLENGE, 31), name)),
                "tpm-challenge");
        add("no-challenge", said(TpmForgery.attest(MAGIC, CERTIFY, new byte[0], name)), "tpm-challenge");
        byte[] other = TpmForgery.name(Area.of("other key", SIGNING).bytes());
        add("another-key-certified", said(TpmForgery.attest(MAGIC, CERTIFY, CHALLENGE, other)), "tpm-name");
        add("another-key-named", honest().named(hex(other)), "tpm-name");
        byte[] sha384 = name.clone();
        sha384[1] = 0xc;
        add(
                "a-name-of-another-algorithm-certified",
                said(TpmForgery.attest(MAGIC, CERTIFY, CHALLENGE, sha384)),
                "tpm-name");
        cases.add(new Case(
                "another-key-asked-about",
                honest().bytes(Optional.empty()),
                hex(TpmForgery.name(signer.bytes())),
                "other key",
                CHALLENGE,
                "tpm-other-key"));
    }

    private Made said(byte[] said) {
        return Made.of(signer.bytes(), key.bytes(), said);
    }

    private void ofTheKey() {
        add("a-key-that-can-leave-its-tpm", made(signer.bytes(), without(key, 1 << 1)), "tpm-key-moves");
        add("a-key-that-can-change-its-parent", made(signer.bytes(), without(key, 1 << 4)), "tpm-key-moves");
        add("a-key-that-was-imported", made(signer.bytes(), without(key, 1 << 5)), "tpm-key-moves");
        add("a-key-that-does-not-sign", made(signer.bytes(), without(key, SIGN)), "tpm-key-use");
        add("a-key-that-is-restricted", made(signer.bytes(), with(key, RESTRICTED)), "tpm-key-use");
        add("a-key-that-decrypts", made(signer.bytes(), with(key, DECRYPT)), "tpm-key-use");
        add("a-key-of-no-scheme", made(signer.bytes(), key.scheme(0x10).bytes()), "tpm-key-use");
    }
}
