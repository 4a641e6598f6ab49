package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.P256Form;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** How a suite's keys are made and used in a token. */
enum Curve {
    /** The curve as version 3.0 has it, or by its object identifier; the point in an octet string. */
    ED25519(Suite.ED25519_2026, 0x1055, 0x1057, 0x40, List.of("130c656477617264733235353139", "06032b6570")) {
        @Override
        byte[] input(byte[] message) {
            return message;
        }

        @Override
        byte[] signature(byte[] given) {
            return given;
        }

        @Override
        byte[] keyBytes(byte[] point) {
            return point;
        }
    },
    /** The curve by its object identifier; the token signs a digest, and gives r ‖ s with either s. */
    P256(Suite.P256_2026, 0x1040, 0x1041, 3, List.of("06082a8648ce3d030107")) {
        @Override
        byte[] input(byte[] message) {
            return Hash.of(message).bytes();
        }

        @Override
        byte[] signature(byte[] given) {
            return P256Form.lowS(given);
        }

        @Override
        byte[] keyBytes(byte[] point) {
            return P256Form.compressed(point).orElse(point);
        }
    };

    private final Suite suite;
    private final long generation;
    private final long signing;
    private final long keyType;
    private final List<byte[]> parameters;

    Curve(Suite suite, long generation, long signing, long keyType, List<String> parameters) {
        this.suite = suite;
        this.generation = generation;
        this.signing = signing;
        this.keyType = keyType;
        this.parameters = parameters.stream().map(HexFormat.of()::parseHex).toList();
    }

    static Optional<Curve> of(Suite suite) {
        return Arrays.stream(values()).filter(c -> c.suite == suite).findFirst();
    }

    static Optional<Curve> of(long keyType, byte[] parameters) {
        return Arrays.stream(values())
                .filter(c -> c.keyType == keyType && c.parameters.stream().anyMatch(p -> Arrays.equals(p, parameters)))
                .findFirst();
    }

    Suite suite() {
        return suite;
    }

    /** The mechanism that makes a pair. */
    long generation() {
        return generation;
    }

    /** The mechanism that signs. */
    long signing() {
        return signing;
    }

    long keyType() {
        return keyType;
    }

    /** The parameters to make a key with. */
    byte[] parameters() {
        return parameters.getFirst().clone();
    }

    /** What the token is to sign of a message. */
    abstract byte[] input(byte[] message);

    /** The signature in the suite's form, of what the token gave; what is not of that length stays as it is, and does not verify. */
    abstract byte[] signature(byte[] given);

    /** The key in the suite's form, of the token's point. */
    abstract byte[] keyBytes(byte[] point);

    /** The public key of CKA_EC_POINT: an octet string in DER, or as some tokens have it, the bytes alone. */
    VerifyKey key(byte[] point) {
        int length = point.length - 2;
        boolean wrapped = length > 0 && point[0] == 4 && point[1] == length;
        try {
            return VerifyKey.of(suite, keyBytes(wrapped ? Arrays.copyOfRange(point, 2, point.length) : point));
        } catch (FormatException e) {
            throw CustodyException.of(
                    CustodyCode.DAMAGED, "the token gives a public key that is none: " + e.code(), Optional.of(e));
        }
    }
}
