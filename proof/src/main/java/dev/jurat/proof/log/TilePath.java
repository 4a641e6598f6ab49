package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;

/** The tail that tile and entry bundle paths share: the index in groups of three digits, then {@code .p/width} if partial. */
record TilePath(long index, int width) {
    private static final String PARTIAL = ".p/";

    static String write(long index, int width) {
        StringBuilder path = new StringBuilder(String.format("%03d", index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            path.insert(0, String.format("x%03d/", rest % 1000));
        }
        if (width < Tile.WIDTH_MAX) {
            path.append(PARTIAL).append(width);
        }
        return path.toString();
    }

    static TilePath parse(String path) throws FormatException {
        int partial = path.indexOf(PARTIAL);
        String digits = (partial < 0 ? path : path.substring(0, partial))
                .replace("x", "")
                .replace("/", "");
        long width =
                partial < 0 ? Tile.WIDTH_MAX : Decimal.parse(path.substring(partial + PARTIAL.length()), "tile-path");
        String significant = digits.replaceFirst("^0+(?=.)", "");
        long index = Decimal.parse(significant, "tile-path");
        if (width < 1 || width > Tile.WIDTH_MAX || !write(index, (int) width).equals(path)) {
            throw refused();
        }
        return new TilePath(index, (int) width);
    }

    static FormatException refused() {
        return new FormatException("tile-path", "not the path of a tile");
    }
}
