package dev.jurat.app.keys;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/**
 * Takes this process out of the reach of others of its user: no core file, no debugger, its memory, arguments' variables and open files are not
 * shown ({@code PR_SET_DUMPABLE}, Linux). Done before a process has a secret.
 *
 * <p>It holds against the user's other processes, and not against root. What this process starts is as open as ever.
 */
public final class Undumpable {
    private static final int SET_DUMPABLE = 4;

    private Undumpable() {}

    /** Whether it holds from now on. */
    public static boolean make() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return false;
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor prctl = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        return linker.defaultLookup()
                .find("prctl")
                .map(function -> {
                    try {
                        Object answer = linker.downcallHandle(function, prctl)
                                .invokeWithArguments(SET_DUMPABLE, 0L, 0L, 0L, 0L);
                        return answer.equals(0);
                    } catch (Throwable e) {
                        return false;
                    }
                })
                .orElse(false);
    }
}
