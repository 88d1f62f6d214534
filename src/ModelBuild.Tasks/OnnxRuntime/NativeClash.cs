namespace ModelBuild.Tasks.OnnxRuntime;

/// <summary>Represents packages that copy different files to the same path.</summary>
/// <param name="File">The file's path in the output.</param>
/// <param name="Packages">The packages, in ordinal order.</param>
internal sealed record NativeClash(string File, IReadOnlyList<string> Packages);
