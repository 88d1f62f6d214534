namespace ModelBuild.Imaging.Tests.Support;

/// <summary>The pictures in the folder Fixtures, which PIL wrote, and the pixels that PIL decodes from them.</summary>
internal static class Files
{
    /// <summary>The names of all pictures.</summary>
    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder, "*.rgb").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>The rows of red, green and blue bytes that PIL decodes from a picture.</summary>
    public static byte[] Expected(string name) => File.ReadAllBytes(PathOf(name) + ".rgb");
}
