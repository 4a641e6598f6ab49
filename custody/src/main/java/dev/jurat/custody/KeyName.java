package dev.jurat.custody;

import java.util.regex.Pattern;

/** The name of a kept key: one that every custody can have, and that is no path. */
public final class KeyName {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    private KeyName() {}

    public static boolean allowed(String name) {
        return FORM.matcher(name).matches();
    }

    /** The name; {@link CustodyCode#KEY_NAME} where it is out of form. */
    public static String require(String name) {
        if (!allowed(name)) {
            throw CustodyException.of(CustodyCode.KEY_NAME, "this is no name of a key");
        }
        return name;
    }
}
