namespace ModelBuild.Tasks.Items;

/// <summary>Paths as projects write them. Nothing here looks at the current directory: under <c>-mt</c> it is another project's.</summary>
internal static class Paths
{
    /// <summary>The absolute path of what a project wrote, relative to a folder, with either kind of slash.</summary>
    public static string Absolute(string folder, string path)
    {
        path = path.Trim();
        if (Path.DirectorySeparatorChar == '/' && path.IndexOf('\\') >= 0 && !File.Exists(Path.Combine(folder, path)))
            path = path.Replace('\\', '/');
        return Path.GetFullPath(Path.Combine(folder, path));
    }

    /// <summary>The path from a folder to a file, with slashes; the file's name alone where there is no way (another drive).</summary>
    public static string Relative(string folder, string path)
    {
        var comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var from = Split(folder);
        var to = Split(path);
        if (!string.Equals(from[0], to[0], comparison))
            return Path.GetFileName(path);

        var common = 0;
        while (common < from.Length && common < to.Length - 1 && string.Equals(from[common], to[common], comparison))
            common++;
        return string.Join("/", Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common)));
    }

    /// <summary>Whether a file lies in a folder or below it.</summary>
    public static bool IsInside(string folder, string path)
    {
        var relative = Relative(folder, path);
        return relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal) && Split(folder)[0] == Split(path)[0];
    }

    private static string[] Split(string path) => Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
}
