using Microsoft.Build.Framework;
using ModelBuild.Tasks.OnnxRuntime;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// Finds native libraries of ONNX Runtime packages that are copied although NuGet did not select them for the project's platforms. The props files of these
/// packages add them to every project with a matching <c>PlatformTarget</c>, regardless of its operating system.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildForeignNatives : Task
{
    /// <summary>Gets or sets the files to copy.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Gets or sets the files that NuGet selected.</summary>
    public ITaskItem[] Chosen { get; set; } = [];

    /// <summary>Gets the files that are for other platforms.</summary>
    [Output]
    public ITaskItem[] Foreign { get; private set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        var chosen = new HashSet<string>(Chosen.Select(Path), StringComparer.OrdinalIgnoreCase);
        Foreign = [.. Files.Where(item => IsOfPackage(Path(item)) && !chosen.Contains(Path(item)))];
        return true;
    }

    private static bool IsOfPackage(string path) =>
        NativePath.Of(path) is { } native
        && native.Package.Split('/', '\\').Any(folder => folder.IndexOf("onnxruntime", StringComparison.OrdinalIgnoreCase) >= 0);

    private static string Path(ITaskItem item) => item.GetMetadata("FullPath");
}
