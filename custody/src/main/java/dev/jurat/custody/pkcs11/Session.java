package dev.jurat.custody.pkcs11;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One session with a token, for one thread at a time. */
final class Session {
    private static final int ATTRIBUTE_BYTES_MAX = 1024;
    private static final int SIGNATURE_BYTES_MAX = 512;
    private static final int FOUND_MAX = 64;

    private final Functions functions;
    private final long handle;
    private final long generation;

    Session(Functions functions, long handle, long generation) {
        this.functions = functions;
        this.handle = handle;
        this.generation = generation;
    }

    /** Counts how often the token was lost: handles are of one generation. */
    long generation() {
        return generation;
    }

    long handle() {
        return handle;
    }

    /** Gives it up; what the token answers to that changes nothing. */
    void close() {
        functions.call(Function.CLOSE_SESSION, handle);
    }

    /** Objects with these attributes. */
    List<Long> find(List<Attribute> wanted) {
        try (Arena arena = Arena.ofConfined()) {
            require(
                    functions.call(Function.FIND_OBJECTS_INIT, handle, Attribute.template(arena, wanted), (long)
                            wanted.size()),
                    "the token cannot be searched");
            MemorySegment found = arena.allocate(ValueLayout.JAVA_LONG, FOUND_MAX);
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            List<Long> all = new ArrayList<>();
            do {
                require(
                        functions.call(Function.FIND_OBJECTS, handle, found, (long) FOUND_MAX, count),
                        "the token cannot be searched");
                for (long i = 0; i < count.get(ValueLayout.JAVA_LONG, 0); i++) {
                    all.add(found.getAtIndex(ValueLayout.JAVA_LONG, i));
                }
            } while (count.get(ValueLayout.JAVA_LONG, 0) > 0);
            require(functions.call(Function.FIND_OBJECTS_FINAL, handle), "the search cannot be ended");
            return all;
        }
    }

    /** An attribute's value; empty where the token has none or does not tell it. */
    Optional<byte[]> attribute(long object, long type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ATTRIBUTE_BYTES_MAX);
            MemorySegment template = arena.allocate(Attribute.BYTES, Long.BYTES);
            Attribute.put(template, 0, type, value, ATTRIBUTE_BYTES_MAX);
            long answer = functions.call(Function.GET_ATTRIBUTE_VALUE, handle, object, template, 1L);
            if (Answer.lost(answer)) {
                throw new LostException(answer, "the key cannot be read");
            }
            long length = template.get(ValueLayout.JAVA_LONG, 16);
            return answer == Answer.OK.value() && length >= 0 && length <= ATTRIBUTE_BYTES_MAX
                    ? Optional.of(value.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))
                    : Optional.empty();
        }
    }

    /** Signs with a key of the token. */
    byte[] sign(long key, long mechanism, byte[] input) {
        try (Arena arena = Arena.ofConfined()) {
            require(
                    functions.call(Function.SIGN_INIT, handle, mechanism(arena, mechanism), key),
                    "the token does not begin to sign");
            MemorySegment data = arena.allocate(Math.max(1, input.length));
            MemorySegment.copy(input, 0, data, ValueLayout.JAVA_BYTE, 0, input.length);
            MemorySegment signature = arena.allocate(SIGNATURE_BYTES_MAX);
            MemorySegment length = arena.allocate(ValueLayout.JAVA_LONG);
            length.set(ValueLayout.JAVA_LONG, 0, SIGNATURE_BYTES_MAX);
            require(
                    functions.call(Function.SIGN, handle, data, (long) input.length, signature, length),
                    "the token does not sign");
            long given = Math.clamp(length.get(ValueLayout.JAVA_LONG, 0), 0, SIGNATURE_BYTES_MAX);
            return signature.asSlice(0, given).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Makes a pair in the token; the private key's handle comes second. */
    List<Long> generate(long mechanism, List<Attribute> open, List<Attribute> secret) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment publicKey = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment privateKey = arena.allocate(ValueLayout.JAVA_LONG);
            require(
                    functions.call(
                            Function.GENERATE_KEY_PAIR,
                            handle,
                            mechanism(arena, mechanism),
                            Attribute.template(arena, open),
                            (long) open.size(),
                            Attribute.template(arena, secret),
                            (long) secret.size(),
                            publicKey,
                            privateKey),
                    "the token makes no key");
            return List.of(publicKey.get(ValueLayout.JAVA_LONG, 0), privateKey.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    void destroy(long object) {
        require(functions.call(Function.DESTROY_OBJECT, handle, object), "the token does not destroy the key");
    }

    /** A CK_MECHANISM without parameters. */
    private static MemorySegment mechanism(Arena arena, long type) {
        MemorySegment mechanism = arena.allocate(Attribute.BYTES, Long.BYTES);
        mechanism.set(ValueLayout.JAVA_LONG, 0, type);
        return mechanism;
    }

    static void require(long answer, String what) {
        if (Answer.lost(answer)) {
            throw new LostException(answer, what);
        }
        if (answer != Answer.OK.value()) {
            throw Answer.refused(answer, what);
        }
    }
}
