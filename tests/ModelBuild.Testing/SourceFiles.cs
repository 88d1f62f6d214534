namespace ModelBuild.Testing;

/// <summary>Finds the C# files of the repository that people write.</summary>
public static class SourceFiles
{
    /// <summary>Returns the paths of the files below a folder, relative to it. Files in folders obj and bin are left out, because a build makes them.</summary>
    /// <param name="folder">The path of the folder, relative to the repository's root.</param>
    public static IEnumerable<string> Under(string folder)
    {
        var root = Path.Combine(Corpus.Repository, folder);
        return Directory
            .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"));
    }
}
