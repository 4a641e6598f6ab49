package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tokens that a module sees. */
final class Slots {
    private static final int SLOTS_MAX = 1024;
    private static final long CAN_SIGN = 0x800;
    private static final long CAN_GENERATE_PAIRS = 0x10000;

    private final Functions functions;

    Slots(Functions functions) {
        this.functions = functions;
    }

    /** The one token that is meant; {@link CustodyCode#MISSING} where it is none, or several are. */
    TokenInfo find(Pkcs11Config config) {
        List<TokenInfo> meant = new ArrayList<>();
        for (long slot : withTokens()) {
            // A token that was taken out, or is not ours, is not to be in the way of another.
            look(slot)
                    .filter(token -> token.label().equals(config.label()))
                    .filter(token -> config.serial().map(token.serial()::equals).orElse(true))
                    .ifPresent(meant::add);
        }
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        throw meant.isEmpty()
                ? new CustodyException(
                        CustodyCode.MISSING,
                        "the module " + config.module() + " sees no token " + config.label(),
                        "put the token in, and see that its label is right (softhsm2-util --show-slots, or the maker's tool)")
                : new CustodyException(
                        CustodyCode.MISSING,
                        "several tokens have the label " + config.label(),
                        "name the serial number of one: "
                                + String.join(
                                        ", ",
                                        meant.stream().map(TokenInfo::serial).toList()));
    }

    private List<Long> withTokens() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment slots = arena.allocate(ValueLayout.JAVA_LONG, SLOTS_MAX);
            // Of some modules only the question for the number looks for tokens anew.
            require(functions.call(Function.GET_SLOT_LIST, (byte) 1, MemorySegment.NULL, count));
            count.set(ValueLayout.JAVA_LONG, 0, SLOTS_MAX);
            require(functions.call(Function.GET_SLOT_LIST, (byte) 1, slots, count));
            List<Long> all = new ArrayList<>();
            for (long i = 0; i < Math.min(SLOTS_MAX, count.get(ValueLayout.JAVA_LONG, 0)); i++) {
                all.add(slots.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
            return all;
        }
    }

    /** What the token of a slot says of itself; empty where it does not answer. */
    Optional<TokenInfo> look(long slot) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(TokenInfo.BYTES, Long.BYTES);
            return functions.call(Function.GET_TOKEN_INFO, slot, info) == Answer.OK.value()
                    ? Optional.of(TokenInfo.read(slot, info))
                    : Optional.empty();
        }
    }

    /** Whether the token makes keys of a curve and signs with them. */
    boolean can(long slot, Curve curve) {
        return can(slot, curve.generation(), CAN_GENERATE_PAIRS) && can(slot, curve.signing(), CAN_SIGN);
    }

    private boolean can(long slot, long mechanism, long flag) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(3L * Long.BYTES, Long.BYTES);
            return functions.call(Function.GET_MECHANISM_INFO, slot, mechanism, info) == Answer.OK.value()
                    && (info.get(ValueLayout.JAVA_LONG, 2L * Long.BYTES) & flag) != 0;
        }
    }

    private static void require(long answer) {
        Session.require(answer, "the module does not say which tokens there are");
    }
}
