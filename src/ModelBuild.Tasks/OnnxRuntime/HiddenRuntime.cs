using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Finds a reference to the package that keeps what a model's class needs at run time from the projects that use a library.</summary>
internal static class HiddenRuntime
{
    private const string Package = "ModelBuild";

    // The package's own library, and the native one of the package that it depends on.
    private static readonly string[] _needed = ["runtime", "native"];

    /// <summary>What hides it, as the project says it, such as <c>PrivateAssets="all"</c>; null when nothing does.</summary>
    public static string? Find(IEnumerable<ITaskItem> references)
    {
        var reference = references.FirstOrDefault(item => item.ItemSpec.Equals(Package, StringComparison.OrdinalIgnoreCase));
        if (reference is null)
            return null;
        if (_needed.Any(asset => Names(reference, "PrivateAssets", asset)))
            return Text(reference, "PrivateAssets");
        if (_needed.Any(asset => Names(reference, "ExcludeAssets", asset)))
            return Text(reference, "ExcludeAssets");
        return reference.GetMetadata("IncludeAssets").Trim().Length > 0 && !_needed.All(asset => Names(reference, "IncludeAssets", asset))
            ? Text(reference, "IncludeAssets")
            : null;
    }

    private static bool Names(ITaskItem reference, string metadata, string asset) =>
        reference
            .GetMetadata(metadata)
            .Split([';', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.Trim())
            .Any(name => name.Equals("all", StringComparison.OrdinalIgnoreCase) || name.Equals(asset, StringComparison.OrdinalIgnoreCase));

    private static string Text(ITaskItem reference, string metadata) => $"{metadata}=\"{reference.GetMetadata(metadata).Trim()}\"";
}
