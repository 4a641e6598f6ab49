package dev.jurat.custody.pkcs11;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An attribute of an object with its value, a CK_ATTRIBUTE. */
record Attribute(long type, byte[] value) {
    static final int BYTES = 24;

    static final long CLASS = 0x0;
    static final long TOKEN = 0x1;
    static final long PRIVATE = 0x2;
    static final long LABEL = 0x3;
    static final long KEY_TYPE = 0x100;
    static final long ID = 0x102;
    static final long SENSITIVE = 0x103;
    static final long SIGN = 0x108;
    static final long VERIFY = 0x10A;
    static final long EXTRACTABLE = 0x162;
    static final long LOCAL = 0x163;
    static final long NEVER_EXTRACTABLE = 0x164;
    static final long ALWAYS_SENSITIVE = 0x165;
    static final long EC_PARAMS = 0x180;
    static final long EC_POINT = 0x181;

    static final long PUBLIC_KEY = 2;
    static final long PRIVATE_KEY = 3;

    static Attribute of(long type, long value) {
        return new Attribute(
                type,
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(value)
                        .array());
    }

    static Attribute of(long type, boolean value) {
        return new Attribute(type, new byte[] {(byte) (value ? 1 : 0)});
    }

    static Attribute of(long type, String value) {
        return new Attribute(type, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A list as a module takes it; one attribute at least. */
    static MemorySegment template(Arena arena, List<Attribute> attributes) {
        MemorySegment template = arena.allocate((long) BYTES * attributes.size(), Long.BYTES);
        for (int i = 0; i < attributes.size(); i++) {
            Attribute attribute = attributes.get(i);
            MemorySegment value = arena.allocate(Math.max(1, attribute.value.length));
            MemorySegment.copy(attribute.value, 0, value, ValueLayout.JAVA_BYTE, 0, attribute.value.length);
            put(template, i, attribute.type, value, attribute.value.length);
        }
        return template;
    }

    static void put(MemorySegment template, int index, long type, MemorySegment value, long length) {
        long at = (long) BYTES * index;
        template.set(ValueLayout.JAVA_LONG, at, type);
        template.set(ValueLayout.ADDRESS, at + 8, value);
        template.set(ValueLayout.JAVA_LONG, at + 16, length);
    }
}
