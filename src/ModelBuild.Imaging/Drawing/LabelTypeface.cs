using SkiaSharp;

namespace ModelBuild.Imaging.Drawing;

/// <summary>Finds the typeface in which labels are drawn.</summary>
/// <remarks>
/// The default typeface of SkiaSharp 4.155 has no glyphs on Linux, because the native library without fontconfig does not search for fonts
/// (https://github.com/mono/SkiaSharp/issues/4303). This class therefore searches for font files on Linux.
/// </remarks>
internal static class LabelTypeface
{
    // The largest depth of folders in which font files are searched for. The depth is limited, because links between folders may form a cycle.
    private const int MaxDepth = 8;

    // The file names of common sans-serif fonts, in order of preference.
    private static readonly string[] _names =
    [
        "DejaVuSans.ttf",
        "NotoSans-Regular.ttf",
        "LiberationSans-Regular.ttf",
        "OpenSans-Regular.ttf",
        "Roboto-Regular.ttf",
        "Ubuntu-R.ttf",
        "FreeSans.ttf",
        "Arial.ttf",
    ];

    private static readonly Lazy<SKTypeface> _default = new(() => Find(SKTypeface.Default, Folders()));

    /// <summary>Gets the typeface for labels on this machine. It has no glyphs if no font is installed.</summary>
    public static SKTypeface Default => _default.Value;

    /// <summary>Returns the given typeface if it has glyphs, and otherwise the typeface of the first font file in the folders, if there is one.</summary>
    public static SKTypeface Find(SKTypeface typeface, IEnumerable<string> folders)
    {
        if (typeface.GlyphCount > 0)
            return typeface;
        var files = folders.Where(Directory.Exists).SelectMany(FontFiles).OrderBy(Rank).ThenBy(file => file, StringComparer.Ordinal);
        foreach (var file in files)
            if (SKTypeface.FromFile(file) is { GlyphCount: > 0 } found)
                return found;
        return typeface;
    }

    private static string[] Folders()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        string[] shared = ["/usr/share/fonts", "/usr/local/share/fonts"];
        // The path of the user's home folder is empty in some containers.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length == 0 ? shared : [.. shared, Path.Combine(home, ".local/share/fonts"), Path.Combine(home, ".fonts")];
    }

    private static IEnumerable<string> FontFiles(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth })
            .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF");

    private static int Rank(string file)
    {
        var index = Array.FindIndex(_names, name => name.Equals(Path.GetFileName(file), StringComparison.OrdinalIgnoreCase));
        return index < 0 ? _names.Length : index;
    }
}
