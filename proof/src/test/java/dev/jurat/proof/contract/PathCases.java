package dev.jurat.proof.contract;

import dev.jurat.proof.json.JsonBuilder;

/** The forms that a path can be spelt in. */
final class PathCases {
    private final ContractCases cases;

    private PathCases(ContractCases cases) {
        this.cases = cases;
    }

    static void into(ContractCases cases) {
        PathCases paths = new PathCases(cases);
        paths.accepted();
        paths.spelling();
        paths.unicode();
        paths.structure();
    }

    private void accepted() {
        is("plain", "an absolute path", "/srv/data/a.txt", "/srv/data/a.txt");
        is("root", "the top", "/", "/");
        is("dot", "dots for the folder itself go", "/srv/./data/.", "/srv/data");
        is("dot-dot", "two dots take away the name before them", "/srv/data/sub/../a.txt", "/srv/data/a.txt");
        is(
                "dot-dot-out",
                "two dots may lead out of a folder; where to is what counts",
                "/srv/data/../../etc/passwd",
                "/etc/passwd");
        is("slashes", "slashes in a row are one, in front too", "//srv///data//a.txt", "/srv/data/a.txt");
        is("trailing-slash", "a slash at the end goes", "/srv/data/", "/srv/data");
        is("hidden", "a name may begin with a dot", "/srv/data/.git", "/srv/data/.git");
        is("three-dots", "three dots are a name", "/srv/data/...", "/srv/data/...");
        is("case", "letter case is kept", "/srv/Data/A.txt", "/srv/Data/A.txt");
        is("space-inside", "a space inside a name is kept", "/srv/data/my file.txt", "/srv/data/my file.txt");
        is("quote-inside", "a quote inside a name is kept", "/srv/data/it's", "/srv/data/it's");
        is("percent-plain", "a percent sign that escapes nothing is kept", "/srv/data/100%", "/srv/data/100%");
        is("tilde-inside", "a tilde further on is no home folder", "/srv/data/a~", "/srv/data/a~");
        is("nfc", "composed letters", "/srv/data/caf\u00e9", "/srv/data/caf\u00e9");
        is("astral", "letters beyond the first plane", "/srv/data/\ud83d\ude00", "/srv/data/\ud83d\ude00");
        is("component-255", "a name of 255 bytes", "/" + "a".repeat(255), "/" + "a".repeat(255));
        from("relative", "a relative path starts from the base", "sub/a.txt", "/srv/data/sub/a.txt");
        from("relative-dot", "a dot alone is the base", ".", "/srv/data");
        from("relative-out", "a relative path may lead out of the base", "../../etc/passwd", "/etc/passwd");
        from("relative-home-later", "a tilde after a dot is a name", "./~/a", "/srv/data/~/a");
        from("absolute-with-base", "an absolute path leaves the base aside", "/etc/passwd", "/etc/passwd");
    }

    private void spelling() {
        no("empty", "nothing at all", "", "path-empty");
        no("nul", "a zero character, where C ends its text", "/srv/data/a\u0000.txt", "path-control");
        no("newline", "a line end", "/srv/data/a\n", "path-control");
        no("tab", "a tab", "/srv/\tdata", "path-control");
        no("delete", "the delete character", "/srv/data/\u007f", "path-control");
        no("c1", "a control character of the second set", "/srv/data/\u0085", "path-control");
        no("backslash", "a backslash", "/srv/data\\..\\..\\etc", "path-backslash");
        no("percent-dot", "escaped dots", "/srv/data/%2e%2e/etc", "path-percent");
        no("percent-dot-upper", "escaped dots in upper case", "/srv/data/%2E%2E/etc", "path-percent");
        no("percent-slash", "an escaped slash", "/srv/data/..%2fetc", "path-percent");
        no("percent-backslash", "an escaped backslash", "/srv/data/..%5Cetc", "path-percent");
        no("percent-nul", "an escaped zero", "/srv/data/a%00.txt", "path-percent");
        no("percent-twice", "an escaped escape", "/srv/data/%252e", "path-percent");
        no("percent-u", "an escape with four digits", "/srv/data/%u002e%u002e/etc", "path-percent");
        no("percent-overlong", "an escape of overlong UTF-8", "/srv/data/%c0%ae%c0%ae/etc", "path-percent");
        no("space-before", "a space before", " /etc/passwd", "path-edge");
        no("space-after", "a space after", "/srv/data ", "path-edge");
        no("space-after-name", "a space at the end of a name", "/srv/data /a.txt", "path-edge");
        no("quoted", "quotes around", "\"/srv/data/a.txt\"", "path-edge");
        no("quoted-single", "single quotes around", "'/srv/data/a.txt'", "path-edge");
        no(
                "quote-after",
                "a quote after, which the filesystem server cuts off before it compares",
                "/srv/data'",
                "path-edge");
        no("quote-after-name", "a quote at the end of a name before a slash", "/srv/data\"/", "path-edge");
        no("home", "a home folder", "~/secrets", "path-home");
        no("home-alone", "a home folder alone", "~", "path-home");
        no("home-user", "somebody's home folder", "~root/.ssh", "path-home");
        no("drive", "a Windows drive", "C:/Windows", "path-drive");
        no("drive-alone", "a Windows drive alone", "c:", "path-drive");
        no("file-uri", "a file URI", "file:///etc/passwd", "path-scheme");
        no("file-uri-case", "a file URI in other letters", "FILE:/etc/passwd", "path-scheme");
        no("other-uri", "another URI", "smb+x://host/share", "path-scheme");
    }

    private void unicode() {
        no(
                "nfd",
                "a decomposed letter, which the filesystem server opens as the composed one",
                "/srv/data/cafe\u0301",
                "path-nfc");
        no("singleton", "a sign whose NFC form is another", "/srv/data/\u212b", "path-nfc");
        no("fullwidth-dot", "full-width dots", "/srv/data/\uff0e\uff0e/etc", "path-compatibility");
        no("leader-dot", "one-dot leaders", "/srv/data/\u2024\u2024/etc", "path-compatibility");
        no("leader-two", "a two-dot leader", "/srv/data/\u2025/etc", "path-compatibility");
        no("fullwidth-slash", "a full-width slash", "/srv/data\uff0fetc", "path-compatibility");
        no("fullwidth-backslash", "a full-width backslash", "/srv/data\uff3cetc", "path-compatibility");
        no("account-of", "one sign that stands for a/c", "/srv/data/\u2100", "path-compatibility");
        no("fullwidth-percent", "a full-width percent sign", "/srv/data/\uff052e", "path-compatibility");
        no("fullwidth-tilde", "a full-width tilde", "\uff5e/secrets", "path-compatibility");
        no("zero-width", "a zero-width space", "/srv/data/a\u200b", "path-invisible");
        no("bidi", "a change of writing direction", "/srv/data/\u202etxt.exe", "path-invisible");
        no("bom", "a byte order mark, which JavaScript trims", "\ufeff/etc/passwd", "path-invisible");
        no("no-break-space", "a no-break space, which JavaScript trims", "/srv/data\u00a0", "path-invisible");
        no("line-separator", "a line separator", "/srv/data/\u2028", "path-invisible");
        no("soft-hyphen", "a soft hyphen", "/srv/data/a\u00adb", "path-invisible");
        no("filler", "a letter that shows nothing", "/srv/data/\u3164", "path-invisible");
        no("variation", "a variation selector", "/srv/data/a\ufe0f", "path-invisible");
        no("tag", "a tag character", "/srv/data/a\udb40\udc61", "path-invisible");
        no("private", "a private character", "/srv/data/\ue000", "path-invisible");
        no("unassigned", "a character that Unicode 16.0 does not have", "/srv/data/\u0378", "path-invisible");
    }

    private void structure() {
        no("relative-no-base", "a relative path where no single root is", "a.txt", "path-relative");
        no("dot-no-base", "a dot where no single root is", ".", "path-relative");
        no("above", "above the top", "/..", "path-above-root");
        no("above-later", "above the top after names", "/srv/../../etc", "path-above-root");
        no("component-256", "a name of 256 bytes", "/" + "a".repeat(256), "path-component-long");
        no(
                "component-bytes",
                "a name of 128 characters and 256 bytes",
                "/" + "\u00e9".repeat(128),
                "path-component-long");
        no("long", "4,097 bytes", "/a".repeat(2048) + "/", "path-long");
        cases.path(
                "from-above", "a relative path above the top", "../../../etc", "/srv/data", refused("path-above-root"));
        cases.path(
                "from-long",
                "more than 4,096 bytes once it is resolved",
                "a/".repeat(2045) + "abc",
                "/srv/data",
                refused("path-long"));
    }

    private void is(String name, String says, String text, String path) {
        cases.path(name, says, text, "", JsonBuilder.object().put("path", path));
    }

    private void from(String name, String says, String text, String path) {
        cases.path(name, says, text, "/srv/data", JsonBuilder.object().put("path", path));
    }

    private void no(String name, String says, String text, String code) {
        cases.path(name, says, text, "", refused(code));
    }

    private static JsonBuilder refused(String code) {
        return JsonBuilder.object().put("refused", code);
    }
}
