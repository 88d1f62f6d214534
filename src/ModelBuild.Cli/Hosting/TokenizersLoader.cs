namespace ModelBuild.Cli.Hosting;

/// <summary>
/// Loads Hugging Face's library of tokenizers from a package folder, so that the program encodes texts with the library of the application and its own package
/// stays small. The library is not loaded before a tokenizer needs it. WordPiece tokenizers, such as that of BERT, do not.
/// </summary>
internal static class TokenizersLoader
{
    private const string Managed = "Tokenizers.DotNet";
    private const string Native = "hf_tokenizers";

    /// <summary>Gets a sentence with the remedy if the managed part of the library is not among the packages of this user.</summary>
    public static string Missing =>
        "The tokenizer needs Hugging Face's library, which is not among this user's packages. Add <PackageReference Include=\"ModelBuild.Text\" /> and "
        + $"<PackageReference Include=\"{Managed}.runtime.{Platform}\" /> to the project and restore it.";

    // Gets the name of the platform in packages, without the version of its distribution.
    private static string Platform => PackageFolders.Platforms.Last(platform => platform.Contains('-', StringComparison.Ordinal));

    /// <summary>Registers the handler of assembly resolution. It must run before any code that uses a type of the library.</summary>
    public static void Register() => PackagedLibrary.Register(Managed, FindManaged, Native, () => FindNative(PackagedLibrary.Version(FindManaged())));

    /// <summary>Returns whether a file that was not found is the managed part of the library.</summary>
    /// <param name="file">The name of the file or of the assembly.</param>
    public static bool IsManaged(string? file) => file?.StartsWith(Managed, StringComparison.OrdinalIgnoreCase) ?? false;

    // Returns the path of the managed part in the newest version that has both parts, because the native part belongs to one version of the managed part.
    private static string? FindManaged()
    {
        string[] all = [.. PackagedLibrary.Managed("tokenizers.dotnet", Managed)];
        return Array.Find(all, managed => FindNative(PackagedLibrary.Version(managed)) is not null) ?? all.FirstOrDefault();
    }

    private static string? FindNative(string? version) =>
        PackageFolders
            .Platforms.SelectMany(platform =>
                PackageFolders
                    .Versions($"tokenizers.dotnet.runtime.{platform}")
                    .Where(package => Path.GetFileName(package) == version)
                    .SelectMany(package =>
                        new[] { $"lib{Native}.so", $"{Native}.dll", $"lib{Native}.dylib" }.Select(file =>
                            Path.Combine(package, "runtimes", platform, "native", file)
                        )
                    )
            )
            .FirstOrDefault(File.Exists);
}
