package dev.jurat.testkit.vectors;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.P256Key;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.tpm.TpmEvidence;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.BigIntegers;

/** What a TPM would say, made in software by keys that follow from their names: the same bytes each time. */
final class TpmForgery {
    static final int MAGIC = 0xff544347;
    static final int CERTIFY = 0x8017;
    /** fixedTPM, fixedParent and sensitiveDataOrigin. */
    static final int RESIDENT = 0x32;

    static final int RESTRICTED = 1 << 16;
    static final int DECRYPT = 1 << 17;
    static final int SIGN = 1 << 18;
    static final int SIGNING = RESIDENT | 1 << 6 | SIGN;
    static final int ATTESTING = SIGNING | 1 << 10 | RESTRICTED;

    private static final ECNamedCurveParameterSpec CURVE = ECNamedCurveTable.getParameterSpec("P-256");

    private TpmForgery() {}

    private static BigInteger secret(String name) {
        byte[] seed = Hash.of(name.getBytes(StandardCharsets.UTF_8)).bytes();
        return new BigInteger(1, seed).mod(CURVE.getN());
    }

    static ECPoint point(String name) {
        return CURVE.getG().multiply(secret(name)).normalize();
    }

    static byte[] compressed(String name) {
        return point(name).getEncoded(true);
    }

    /** Evidence that a key of others is in a TPM whose attestation key is that of a name. */
    static TpmEvidence certificate(String signer, VerifyKey key, byte[] challenge) {
        ECPoint point = CURVE.getCurve().decodePoint(key.bytes());
        byte[] area = Area.of(signer, SIGNING)
                .at(
                        point.getAffineXCoord().getEncoded(),
                        point.getAffineYCoord().getEncoded())
                .bytes();
        byte[] said = attest(MAGIC, CERTIFY, challenge, name(area));
        return new TpmEvidence(
                Area.of(signer, ATTESTING).bytes(),
                area,
                HexFormat.of().formatHex(name(area)),
                said,
                sign(signer, said),
                "IBM",
                "2019102300163636",
                Optional.empty());
    }

    /** r ‖ s, s low. */
    static byte[] sign(String name, byte[] message) {
        return P256Key.ofSecret(BigIntegers.asUnsignedByteArray(32, secret(name)))
                .sign(message);
    }

    /** The same with the other s. */
    static byte[] signHigh(String name, byte[] message) {
        byte[] signature = sign(name, message);
        BigInteger s = CURVE.getN().subtract(new BigInteger(1, signature, 32, 32));
        BigIntegers.asUnsignedByteArray(s, signature, 32, 32);
        return signature;
    }

    /** A public area with each of its fields as it is given. */
    record Area(int type, int nameAlgorithm, int attributes, int scheme, int curve, int kdf, byte[] x, byte[] y) {
        static Area of(String name, int attributes) {
            ECPoint point = point(name);
            return new Area(
                    0x23,
                    0xb,
                    attributes,
                    0x18,
                    3,
                    0x10,
                    point.getAffineXCoord().getEncoded(),
                    point.getAffineYCoord().getEncoded());
        }

        Area attributes(int other) {
            return new Area(type, nameAlgorithm, other, scheme, curve, kdf, x, y);
        }

        Area type(int other) {
            return new Area(other, nameAlgorithm, attributes, scheme, curve, kdf, x, y);
        }

        Area nameAlgorithm(int other) {
            return new Area(type, other, attributes, scheme, curve, kdf, x, y);
        }

        Area scheme(int other) {
            return new Area(type, nameAlgorithm, attributes, other, curve, kdf, x, y);
        }

        Area curve(int other) {
            return new Area(type, nameAlgorithm, attributes, scheme, other, kdf, x, y);
        }

        Area kdf(int other) {
            return new Area(type, nameAlgorithm, attributes, scheme, curve, other, x, y);
        }

        Area at(byte[] otherX, byte[] otherY) {
            return new Area(type, nameAlgorithm, attributes, scheme, curve, kdf, otherX, otherY);
        }

        byte[] bytes() {
            Out out = new Out().u16(type).u16(nameAlgorithm).u32(attributes).sized(new byte[0]);
            out.u16(0x10).u16(scheme);
            if (scheme != 0x10) {
                out.u16(0xb);
            }
            return out.u16(curve).u16(kdf).sized(x).sized(y).bytes();
        }
    }

    /** The name of a public area, as SHA-256 makes it. */
    static byte[] name(byte[] area) {
        return new Out().u16(0xb).raw(Hash.of(area).bytes()).bytes();
    }

    static byte[] attest(int magic, int type, byte[] challenge, byte[] certified) {
        byte[] qualified = name(new byte[] {1});
        return new Out()
                .u32(magic)
                .u16(type)
                .sized(qualified)
                .sized(challenge)
                .u32(0)
                .u32(90_000)
                .u32(4)
                .u32(5)
                .raw(new byte[] {1})
                .u32(0x20191023)
                .u32(0x00163636)
                .sized(certified)
                .sized(qualified)
                .bytes();
    }

    /** Big-endian bytes. */
    static final class Out {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Out u16(int value) {
            bytes.write(value >>> 8);
            bytes.write(value);
            return this;
        }

        Out u32(int value) {
            return u16(value >>> 16).u16(value);
        }

        Out raw(byte[] more) {
            bytes.writeBytes(more);
            return this;
        }

        Out sized(byte[] more) {
            return u16(more.length).raw(more);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
