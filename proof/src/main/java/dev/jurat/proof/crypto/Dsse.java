package dev.jurat.proof.crypto;

import java.nio.charset.StandardCharsets;

/**
 * The pre-authentication encoding of DSSE v1: the bytes that are signed in place of a payload and its type.
 *
 * <p>Security property: the lengths make the pair (type, payload) unambiguous, so a signature over one type is never one over another.
 */
public final class Dsse {
    private Dsse() {}

    /** {@code "DSSEv1" SP length(type) SP type SP length(payload) SP payload}, lengths in bytes and ASCII decimal. */
    public static byte[] pae(String payloadType, byte[] payload) {
        int typeBytes = payloadType.getBytes(StandardCharsets.UTF_8).length;
        byte[] head = ("DSSEv1 " + typeBytes + " " + payloadType + " " + payload.length + " ")
                .getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }
}
