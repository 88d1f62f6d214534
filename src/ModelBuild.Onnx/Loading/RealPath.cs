namespace ModelBuild.Onnx;

/// <summary>Where a path leads when every link on the way is followed, folders included.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        var pending = new Stack<string>();
        var current = Enter(Path.GetFullPath(path), pending);
        while (pending.TryPop(out var name))
        {
            var next = Path.Combine(current, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"'{path}' leads through a circle of links.");
            current = Enter(Path.GetFullPath(target, current), pending);
        }

        return current;
    }

    private static string Enter(string path, Stack<string> pending)
    {
        var root = Path.GetPathRoot(path)!;
        var names = path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = names.Length - 1; i >= 0; i--)
            pending.Push(names[i]);
        return root;
    }
}
