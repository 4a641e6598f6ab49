package dev.jurat.custody.tpm;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** A command as it is built: its code, its handles with their names, its parameters (Part 3). Not thread-safe. */
final class Command {
    /** The commands used, by their codes. */
    enum Name {
        CREATE_PRIMARY(0x131),
        STARTUP(0x144),
        CERTIFY(0x148),
        NV_READ(0x14e),
        CREATE(0x153),
        LOAD(0x157),
        SIGN(0x15d),
        FLUSH_CONTEXT(0x165),
        NV_READ_PUBLIC(0x169),
        READ_PUBLIC(0x173),
        START_AUTH_SESSION(0x176),
        GET_CAPABILITY(0x17a);

        final int code;

        Name(int code) {
            this.code = code;
        }

        /** Whether the answer begins with a handle. */
        boolean gives() {
            return this == CREATE_PRIMARY || this == LOAD || this == START_AUTH_SESSION;
        }
    }

    /** The bytes of a command or an answer, at most. */
    static final int BYTES_MAX = 4096;

    /** A handle, and the name by which an HMAC covers it. */
    record Handle(int number, byte[] name) {
        static Handle permanent(int number) {
            return new Handle(number, new Writer().u32(number).bytes());
        }
    }

    /** Big-endian bytes. */
    static final class Writer {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer u8(int value) {
            out.write(value);
            return this;
        }

        Writer u16(int value) {
            return u8(value >>> 8).u8(value);
        }

        Writer u32(int value) {
            return u16(value >>> 16).u16(value);
        }

        Writer raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Writer sized(byte[] bytes) {
            return u16(bytes.length).raw(bytes);
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    final Name name;
    final List<Handle> handles = new ArrayList<>();
    private final byte[] parameters;

    Command(Name name, Writer parameters, Handle... handles) {
        this.name = name;
        this.parameters = parameters.bytes();
        this.handles.addAll(List.of(handles));
    }

    byte[] parameters() {
        return parameters.clone();
    }

    /** Its bytes. {@code authorisations} are empty where it needs none. */
    byte[] bytes(byte[] authorisations, byte[] sent) {
        Writer body = new Writer();
        handles.forEach(handle -> body.u32(handle.number()));
        if (authorisations.length > 0) {
            body.u32(authorisations.length).raw(authorisations);
        }
        byte[] rest = body.raw(sent).bytes();
        int tag = authorisations.length > 0 ? 0x8002 : 0x8001;
        return new Writer()
                .u16(tag)
                .u32(10 + rest.length)
                .u32(name.code)
                .raw(rest)
                .bytes();
    }
}
