package dev.jurat.app.cli;

import dev.jurat.app.keys.Undumpable;
import java.io.Console;
import java.util.Arrays;

/**
 * The person's terminal. A passphrase comes from here and from nowhere else.
 *
 * <p>Security property: no argument, variable or pipe can take the place of somebody who types.
 */
final class Terminal {
    private static final int PASSPHRASE_LENGTH_MIN = 8;

    private Terminal() {}

    /** Whether input and output are a terminal. */
    static boolean present() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** Asks for a passphrase, unseen. The caller wipes it. */
    static char[] passphrase(String prompt) {
        Console console = console();
        Undumpable.make();
        char[] typed = console.readPassword("%s", prompt);
        if (typed == null || typed.length == 0) {
            throw Failure.terminal("passphrase-missing", "no passphrase was typed", Next.SAME);
        }
        return typed;
    }

    /** Asks for a new passphrase, twice. The caller wipes it. */
    static char[] newPassphrase() {
        char[] first = passphrase("New passphrase (at least " + PASSPHRASE_LENGTH_MIN + " characters): ");
        if (first.length < PASSPHRASE_LENGTH_MIN) {
            throw Failure.terminal("passphrase-short", "a passphrase has at least 8 characters", Next.SAME);
        }
        char[] second = passphrase("The same again: ");
        boolean same = Arrays.equals(first, second);
        Arrays.fill(second, ' ');
        if (!same) {
            throw Failure.terminal("passphrase-differs", "the two were not the same", Next.SAME);
        }
        return first;
    }

    private static Console console() {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw Failure.terminal(
                    "terminal-needed",
                    "this needs a passphrase, and a passphrase is typed at a terminal only",
                    "in a terminal, with neither input nor output redirected: " + Next.SAME);
        }
        return console;
    }
}
