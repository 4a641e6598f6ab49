package dev.jurat.app.cli;

/** The entry of {@code ./jurat}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("hello " + java.util.Arrays.toString(arguments));
    }
}
