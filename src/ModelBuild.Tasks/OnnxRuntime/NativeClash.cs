namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Packages that bring the same file to the same place.</summary>
/// <param name="File">The file's path in the output.</param>
/// <param name="Packages">The packages, in ordinal order.</param>
internal sealed record NativeClash(string File, IReadOnlyList<string> Packages);
