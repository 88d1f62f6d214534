using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Finds a reference to ModelBuild whose metadata hides the runtime assets from projects that use the library.</summary>
internal static class HiddenRuntime
{
    private const string Package = "ModelBuild";

    // The assets that projects with a reference to the library need: the runtime asset is the library of ModelBuild, and the native asset is the library of the
    // ONNX Runtime package that it depends on.
    private static readonly string[] _needed = ["runtime", "native"];

    /// <summary>Returns the metadata that hides the assets as the project writes it, such as <c>PrivateAssets="all"</c>; null if they are not hidden.</summary>
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
