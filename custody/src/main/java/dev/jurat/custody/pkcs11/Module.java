package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A module, loaded and initialised once per process with locks of the system, and never taken out: others in the process may use it too.
 *
 * <p>Security property: a module is native code in this process and can do whatever this process can. Who may write its file is trusted.
 */
final class Module implements Functions {
    private static final Map<Path, Module> LOADED = new HashMap<>();
    private static final long OS_LOCKING_OK = 2;
    private static final int INITIALIZE_ARGUMENTS_BYTES = 48;

    private final Path file;
    private final Map<Function, MethodHandle> functions = new EnumMap<>(Function.class);

    private Module(Path file) {
        this.file = file;
    }

    /** The module of this file. */
    static Module load(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        synchronized (LOADED) {
            Module known = LOADED.get(absolute);
            if (known == null) {
                known = new Module(absolute);
                known.link();
                known.initialize();
                LOADED.put(absolute, known);
            }
            return known;
        }
    }

    private void link() {
        if (!Files.isRegularFile(file)) {
            throw CustodyException.of(CustodyCode.MISSING, "there is no PKCS#11 module " + file);
        }
        if (ValueLayout.ADDRESS.byteSize() != Long.BYTES
                || System.getProperty("os.name").startsWith("Windows")) {
            throw CustodyException.of(CustodyCode.MISSING, "PKCS#11 is bound for 64-bit Unix systems only");
        }
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MemorySegment entry = SymbolLookup.libraryLookup(file, Arena.global())
                    .find("C_GetFunctionList")
                    .orElseThrow(() -> new IllegalArgumentException("it has no C_GetFunctionList"));
            MemorySegment place = arena.allocate(ValueLayout.ADDRESS);
            Object answer = linker.downcallHandle(
                            entry, FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS))
                    .invokeWithArguments(place);
            if (!answer.equals(0L) || place.get(ValueLayout.ADDRESS, 0).address() == 0) {
                throw new IllegalArgumentException("it gives no list of functions");
            }
            bind(
                    linker,
                    place.get(ValueLayout.ADDRESS, 0).reinterpret(Function.GENERATE_KEY_PAIR.offset() + Long.BYTES));
        } catch (CustodyException e) {
            throw e;
        } catch (Throwable e) {
            throw CustodyException.of(
                    CustodyCode.MISSING,
                    file + " cannot be used as a PKCS#11 module: " + e.getMessage(),
                    Optional.of(e));
        }
    }

    private void bind(Linker linker, MemorySegment list) {
        for (Function function : Function.values()) {
            MemorySegment pointer = list.get(ValueLayout.ADDRESS, function.offset());
            if (pointer.address() == 0) {
                throw new IllegalArgumentException("it has no function " + function);
            }
            functions.put(function, linker.downcallHandle(pointer, function.descriptor()));
        }
    }

    private void initialize() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(INITIALIZE_ARGUMENTS_BYTES, Long.BYTES);
            arguments.set(ValueLayout.JAVA_LONG, 4L * Long.BYTES, OS_LOCKING_OK);
            long answer = call(Function.INITIALIZE, arguments);
            if (answer != Answer.OK.value() && answer != Answer.ALREADY_INITIALIZED.value()) {
                throw Answer.refused(answer, "the module " + file + " cannot be initialised");
            }
        }
    }

    @Override
    public long call(Function function, Object... arguments) {
        try {
            return (long) Objects.requireNonNull(functions.get(function)).invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("a call into " + file + " was not made", e);
        }
    }
}
