package dev.jurat.custody.pkcs11;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;

/** The functions that are called, by their place in CK_FUNCTION_LIST. An {@code n} is a CK_ULONG, a {@code p} a pointer. */
enum Function {
    INITIALIZE(0, "p"),
    GET_SLOT_LIST(4, "bpp"),
    GET_TOKEN_INFO(6, "np"),
    GET_MECHANISM_INFO(8, "nnp"),
    OPEN_SESSION(12, "nnppp"),
    CLOSE_SESSION(13, "n"),
    LOGIN(18, "nnpn"),
    DESTROY_OBJECT(22, "nn"),
    GET_ATTRIBUTE_VALUE(24, "nnpn"),
    FIND_OBJECTS_INIT(26, "npn"),
    FIND_OBJECTS(27, "npnp"),
    FIND_OBJECTS_FINAL(28, "n"),
    SIGN_INIT(42, "npn"),
    SIGN(43, "npnpp"),
    GENERATE_KEY_PAIR(59, "nppnpnpp");

    private final int index;
    private final String parameters;

    Function(int index, String parameters) {
        this.index = index;
        this.parameters = parameters;
    }

    /** The offset of the pointer to it: the version comes first, in the room of a pointer. */
    long offset() {
        return ValueLayout.ADDRESS.byteSize() * (1L + index);
    }

    FunctionDescriptor descriptor() {
        MemoryLayout[] layouts = parameters.chars().mapToObj(Function::layout).toArray(MemoryLayout[]::new);
        return FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts);
    }

    private static MemoryLayout layout(int letter) {
        return switch (letter) {
            case 'n' -> ValueLayout.JAVA_LONG;
            case 'b' -> ValueLayout.JAVA_BYTE;
            default -> ValueLayout.ADDRESS;
        };
    }
}
