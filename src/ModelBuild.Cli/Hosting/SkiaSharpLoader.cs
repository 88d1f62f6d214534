namespace ModelBuild.Cli.Hosting;

/// <summary>
/// Loads SkiaSharp from a package folder, so that the program decodes pictures with the same library as the application and its own package stays small. The
/// library is not loaded before the first picture is decoded.
/// </summary>
internal static class SkiaSharpLoader
{
    private const string Managed = "SkiaSharp";
    private const string Native = "libSkiaSharp";

    private static readonly string[] NativePackages =
    [
        "skiasharp.nativeassets.linux.nodependencies",
        "skiasharp.nativeassets.linux",
        "skiasharp.nativeassets.win32",
        "skiasharp.nativeassets.macos",
    ];

    /// <summary>Gets whether the program can decode pictures.</summary>
    public static bool IsAvailable => FindManaged() is not null && FindNative() is not null;

    /// <summary>Registers the handler of assembly resolution. It must run before any code that uses a type of SkiaSharp.</summary>
    public static void Register() => PackagedLibrary.Register(Managed, FindManaged, Native, FindNative);

    private static string? FindManaged() => PackagedLibrary.Managed("skiasharp", Managed).FirstOrDefault();

    // Returns the path of the native library, which must have the same version as the managed library.
    private static string? FindNative()
    {
        var version = PackagedLibrary.Version(FindManaged());
        return NativePackages
            .SelectMany(PackageFolders.Versions)
            .Where(package => Path.GetFileName(package) == version)
            .SelectMany(package =>
                new[] { ".so", ".dll", ".dylib" }.SelectMany(extension =>
                    PackageFolders.Platforms.Select(platform => Path.Combine(package, "runtimes", platform, "native", Native + extension))
                )
            )
            .FirstOrDefault(File.Exists);
    }
}
