using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.OnnxRuntime;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// Warns of package references that build without an error but fail at run time, because a library hides the runtime or a platform has no native library.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildCheckReferences : Task
{
    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Gets or sets the files of the packages that the project references.</summary>
    public ITaskItem[] Assets { get; set; } = [];

    /// <summary>Gets or sets the path of NuGet's project.assets.json.</summary>
    public string AssetsFile { get; set; } = "";

    /// <summary>Gets or sets the files that the project lists as its own items.</summary>
    public ITaskItem[] Files { get; set; } = [];

    /// <summary>Gets or sets the <c>PackageReference</c> items.</summary>
    public ITaskItem[] References { get; set; } = [];

    /// <summary>Gets or sets the number of models in the project.</summary>
    public int ModelCount { get; set; }

    /// <summary>Gets or sets the project's language. Classes are generated in C# only.</summary>
    public string Language { get; set; } = "";

    /// <summary>Gets or sets the output type of the project, which distinguishes an application from a library.</summary>
    public string OutputType { get; set; } = "";

    /// <summary>Gets or sets the platform that the project is built for; empty if it is built for all platforms.</summary>
    public string RuntimeIdentifier { get; set; } = "";

    /// <summary>Gets or sets the processor architecture that the project is built for.</summary>
    public string PlatformTarget { get; set; } = "";

    /// <summary>
    /// Gets or sets whether the library has its dependencies in its output folder and is loaded by an application that does not reference them.
    /// </summary>
    public bool IsPlugIn { get; set; }

    /// <summary>Gets or sets whether the project is a test project. A test runner starts it, and no project references it.</summary>
    public bool IsTestProject { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        var messages = new BuildMessages(Log, BuildMode.Build);
        if (OutputType is "Exe" or "WinExe")
            CheckPlatform(messages);
        else if (ModelCount > 0 && Language == "C#" && !IsPlugIn && !IsTestProject && HiddenRuntime.Find(References) is { } hiding)
            messages.Warning(
                Codes.HiddenRuntime,
                Project,
                $"{hiding} on the PackageReference to ModelBuild hides ModelBuild.Runtime and ONNX Runtime from "
                    + "applications that use this library. They build, but fail with a FileNotFoundException when they create a model. Remove the metadata "
                    + "(a GlobalPackageReference always has PrivateAssets=\"all\", so use a PackageReference instead). "
                    + "A plug-in with its dependencies in its own folder sets EnableDynamicLoading=true."
            );
        return !Log.HasLoggedErrors;
    }

    private void CheckPlatform(BuildMessages messages)
    {
        // Without a RuntimeIdentifier, the only platform that an application can name is a 32-bit process on Windows.
        var platform =
            RuntimeIdentifier.Length > 0 ? RuntimeIdentifier
            : PlatformTarget.Equals("x86", StringComparison.OrdinalIgnoreCase) ? "win-x86"
            : "";
        if (MissingNative.Find(platform, PlatformAssets(platform), Files, () => RestoredNatives.Read(AssetsFile)) is { } missing)
            messages.Warning(Codes.NativeMissing, Project, missing);
    }

    // Returns the files of packages for one platform. Without a RuntimeIdentifier, the items list the libraries of all platforms.
    private IEnumerable<ITaskItem> PlatformAssets(string platform) =>
        RuntimeIdentifier.Length > 0 ? Assets : Assets.Where(item => NativePath.Of(item.ItemSpec) is not { } native || native.RuntimeIdentifier == platform);
}
