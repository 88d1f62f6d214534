using System.Runtime.InteropServices;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.OnnxRuntime;

namespace ModelBuild.Tasks.Tests.OnnxRuntime;

public sealed class OnnxRuntimeLocatorTests : IDisposable
{
    private readonly string _packages = Path.Combine(Path.GetTempPath(), "modelbuild-packages-" + Guid.NewGuid().ToString("N"));
    private readonly string _rid =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    public void Dispose() => Directory.Delete(_packages, recursive: true);

    [Fact]
    public void One_package_with_everything()
    {
        var found = OnnxRuntimeLocator.Find([File("Microsoft.ML.OnnxRuntime", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll"), File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so")]);
        Assert.Equal(Path.Combine(_packages, "Microsoft.ML.OnnxRuntime", "runtimes", _rid, "native"), found?.Native);
        Assert.EndsWith("Microsoft.ML.OnnxRuntime.dll", found?.Managed, StringComparison.Ordinal);
    }

    [Fact]
    public void Managed_apart_and_a_project_for_another_platform()
    {
        // The project resolved natives for elsewhere; those of this machine lie in the package all the same.
        File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so");
        var found = OnnxRuntimeLocator.Find(
        [
            File("Microsoft.ML.OnnxRuntime.Managed", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll"),
            File("Microsoft.ML.OnnxRuntime", "runtimes/android/native/onnxruntime.aar"),
        ]);
        Assert.Equal(Path.Combine(_packages, "Microsoft.ML.OnnxRuntime", "runtimes", _rid, "native"), found?.Native);
    }

    [Fact]
    public void The_CPU_package_comes_before_others()
    {
        var gpu = File("Microsoft.ML.OnnxRuntime.Gpu.Linux", $"runtimes/{_rid}/native/libonnxruntime.so");
        var managed = File("Microsoft.ML.OnnxRuntime.Managed", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll");
        var cpu = File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so");
        Assert.Contains("Gpu", OnnxRuntimeLocator.Find([gpu, managed])?.Native, StringComparison.Ordinal);
        Assert.DoesNotContain("Gpu", OnnxRuntimeLocator.Find([gpu, managed, cpu])!.Native, StringComparison.Ordinal);
        Assert.Equal(["Microsoft.ML.OnnxRuntime.Gpu.Linux"], OnnxRuntimeLocator.OtherNativePackages([gpu, managed, cpu]));
    }

    [Fact]
    public void None_is_none() => Assert.Null(OnnxRuntimeLocator.Find([File("Other", "lib/net8.0/Other.dll")]));

    private TaskItem File(string package, string path)
    {
        var file = Path.Combine(_packages, package, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, "");
        return new TaskItem(file, new Dictionary<string, string> { ["NuGetPackageId"] = package, ["PathInPackage"] = path });
    }
}
