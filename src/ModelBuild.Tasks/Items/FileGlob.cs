using System.Text;
using System.Text.RegularExpressions;

namespace ModelBuild.Tasks.Items;

/// <summary>
/// Expands files, folders and patterns of item metadata. <c>*</c> and <c>?</c> match within a name, <c>**</c> matches across folders. A path that exists
/// exactly as written is taken literally, even if it contains wildcard characters.
/// </summary>
internal static class FileGlob
{
    /// <summary>Returns the absolute paths of all matches in ordinal order, and the entries without a match.</summary>
    public static (IReadOnlyList<string> Files, IReadOnlyList<string> Unmatched) Expand(string folder, string list)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        var unmatched = new List<string>();
        foreach (var entry in list.Split(';').Select(entry => entry.Trim()).Where(entry => entry.Length > 0))
        {
            var matches = Match(folder, entry).ToList();
            files.UnionWith(matches);
            if (matches.Count == 0)
                unmatched.Add(entry);
        }

        return ([.. files], unmatched);
    }

    private static IEnumerable<string> Match(string folder, string entry)
    {
        var parts = entry.Replace('\\', '/').Split('/');
        var fixedParts = parts.TakeWhile(part => part.IndexOfAny(['*', '?']) < 0).Count();
        // The entry is a path without wildcards, or a file of exactly this name exists, because some platforms allow wildcard characters in file names.
        if (fixedParts == parts.Length || (Path.DirectorySeparatorChar == '/' && File.Exists(Paths.Absolute(folder, entry))))
            return OfPath(Paths.Absolute(folder, entry));

        // The search starts at the folder before the first wildcard.
        var root = Paths.Absolute(folder, string.Join("/", parts.Take(fixedParts)) + (fixedParts == 0 ? "." : "/"));
        if (!Directory.Exists(root))
            return [];
        root = root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        var pattern = ToRegex([.. parts.Skip(fixedParts)]);
        var depth = parts.Length - fixedParts == 1 && parts[fixedParts] != "**" ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories;
        return Directory.EnumerateFiles(root, "*", depth).Where(file => pattern.IsMatch(file.Substring(root.Length).Replace(Path.DirectorySeparatorChar, '/')));
    }

    private static IEnumerable<string> OfPath(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? DataFolder.Files(path)
        : [];

    private static Regex ToRegex(IReadOnlyList<string> parts)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < parts.Count; i++)
        {
            var last = i == parts.Count - 1;
            regex.Append(
                parts[i] == "**"
                    ? last
                        ? ".*"
                        : "(?:.*/)?"
                    : Regex.Escape(parts[i]).Replace("\\*", "[^/]*").Replace("\\?", "[^/]") + (last ? "" : "/")
            );
        }

        var options = RegexOptions.CultureInvariant | (Path.DirectorySeparatorChar == '\\' ? RegexOptions.IgnoreCase : RegexOptions.None);
        return new Regex(regex.Append('$').ToString(), options);
    }
}
