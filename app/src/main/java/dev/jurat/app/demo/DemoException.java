package dev.jurat.app.demo;

import org.jspecify.annotations.Nullable;

/** The tour cannot go on: what is missing, in words for the person who started it. */
public final class DemoException extends Exception {
    /** The code of a folder that holds an earlier run. */
    public static final String FOLDER_USED = "demo-folder-used";

    /** The code of a machine where nothing can type at a terminal. */
    public static final String SCRIPT_MISSING = "demo-script-missing";

    private static final long serialVersionUID = 1L;

    private final String code;

    DemoException(String message) {
        this("demo", message, null);
    }

    DemoException(String message, Throwable cause) {
        this("demo", message, cause);
    }

    DemoException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The stable code: {@code demo}, {@link #FOLDER_USED} or {@link #SCRIPT_MISSING}. */
    public String code() {
        return code;
    }
}
