namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Finds packages and projects that a project references, directly or through others.</summary>
internal static class RestoredPackages
{
    /// <summary>Returns whether a restored project references a package or a project of this name.</summary>
    /// <param name="assetsFile">The path of project.assets.json; it may not exist.</param>
    /// <param name="name">The name of the package.</param>
    // In the file, each library is a property whose name is that of the package, a slash and the version.
    public static bool Contain(string assetsFile, string name) =>
        File.Exists(assetsFile) && File.ReadAllText(assetsFile).IndexOf($"\"{name}/", StringComparison.OrdinalIgnoreCase) >= 0;
}
