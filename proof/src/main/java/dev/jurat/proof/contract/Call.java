package dev.jurat.proof.contract;

import dev.jurat.proof.crypto.Hash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What makes two calls the same call: server profile, method, name or URI, the exact bytes of {@code arguments} and of what else goes
 * out beside them.
 *
 * <p>Security property: the commitment hides the arguments behind its salt and binds every byte of them. The mistake that looks right but
 * is not: hashing a parsed and rewritten form, which two readers may write two ways.
 *
 * @param profile the digest of the tool profile artefact; empty where none is known
 * @param method the protocol's method
 * @param target the tool's or prompt's name, or the resource's URI, as it was sent
 * @param arguments the bytes of the arguments' value as they were sent; empty where the member is absent
 * @param others the other members that go out with the call, as one object; empty where there are none
 */
public record Call(
        Optional<Hash> profile, String method, String target, Optional<byte[]> arguments, Optional<byte[]> others) {
    private static final byte[] DOMAIN = "jurat/call/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ABSENT = 0xFFFFFFFF;

    /** A call without other members. */
    public Call(Optional<Hash> profile, String method, String target, Optional<byte[]> arguments) {
        this(profile, method, target, arguments, Optional.empty());
    }

    /** The salted commitment: {@code docs/spec/contract.md}, Call. */
    public Hash commitment(Salt salt) {
        MessageDigest digest = Hash.sha256();
        digest.update(DOMAIN);
        digest.update(salt.bytes());
        field(digest, profile.map(Hash::bytes).orElse(new byte[0]));
        field(digest, method.getBytes(StandardCharsets.UTF_8));
        field(digest, target.getBytes(StandardCharsets.UTF_8));
        if (arguments.isPresent()) {
            field(digest, arguments.get());
        } else {
            digest.update(length(ABSENT));
        }
        others.ifPresent(bytes -> field(digest, bytes));
        return Hash.ofBytes(digest.digest());
    }

    private static void field(MessageDigest digest, byte[] bytes) {
        digest.update(length(bytes.length));
        digest.update(bytes);
    }

    private static byte[] length(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }
}
