using System.Runtime.InteropServices;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.OnnxRuntime;

namespace ModelBuild.Tasks.Tests.OnnxRuntime;

public sealed class OnnxRuntimeLocatorTests : IDisposable
{
    private readonly TemporaryFolder _packages = new();
    private readonly string _rid =
        (
            OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : "linux"
        )
        + "-"
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    public void Dispose() => _packages.Dispose();

    [Fact]
    public void One_package_with_everything()
    {
        var found = OnnxRuntimeLocator.Find(
            [
                File("Microsoft.ML.OnnxRuntime", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll"),
                File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so"),
            ],
            None
        );
        Assert.Equal(Path.Combine(_packages.Path, "Microsoft.ML.OnnxRuntime", "runtimes", _rid, "native"), found?.Native);
        Assert.EndsWith("Microsoft.ML.OnnxRuntime.dll", found?.Managed, StringComparison.Ordinal);
    }

    [Fact]
    public void Managed_apart_and_a_project_for_another_platform()
    {
        // The project resolved the native libraries of another platform. The package also contains those of this machine.
        File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so");
        var found = OnnxRuntimeLocator.Find(
            [
                File("Microsoft.ML.OnnxRuntime.Managed", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll"),
                File("Microsoft.ML.OnnxRuntime", "runtimes/android/native/onnxruntime.aar"),
            ],
            None
        );
        Assert.Equal(Path.Combine(_packages.Path, "Microsoft.ML.OnnxRuntime", "runtimes", _rid, "native"), found?.Native);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_platform_for_which_the_package_has_no_file_names_no_package(bool hasHost)
    {
        var managed = File("Microsoft.ML.OnnxRuntime.Managed", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll");
        File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so");
        var folder = Path.Combine(_packages.Path, "Microsoft.ML.OnnxRuntime", "runtimes", _rid, "native");
        RestoredNative[] restored = [new("Microsoft.ML.OnnxRuntime 1.32.0", folder, hasHost ? _rid : "haiku-x64")];
        Assert.Equal(hasHost ? folder : null, OnnxRuntimeLocator.Find([managed], () => restored)?.Native);
        Assert.Equal(!hasHost, OnnxRuntimeLocator.WhyNot(restored).Contains($"machine that builds ({_rid})", StringComparison.Ordinal));
    }

    [Fact]
    public void The_CPU_package_comes_before_others()
    {
        var gpu = File("Microsoft.ML.OnnxRuntime.Gpu.Linux", $"runtimes/{_rid}/native/libonnxruntime.so");
        var managed = File("Microsoft.ML.OnnxRuntime.Managed", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll");
        var cpu = File("Microsoft.ML.OnnxRuntime", $"runtimes/{_rid}/native/libonnxruntime.so");
        Assert.Contains("Gpu", OnnxRuntimeLocator.Find([gpu, managed], None)?.Native, StringComparison.Ordinal);
        Assert.DoesNotContain("Gpu", OnnxRuntimeLocator.Find([gpu, managed, cpu], None)!.Native, StringComparison.Ordinal);
        Assert.Equal(["Microsoft.ML.OnnxRuntime.Gpu.Linux"], OnnxRuntimeLocator.OtherPackages([gpu, managed, cpu]));
    }

    [Fact]
    public void Plug_ins_count_as_packages_and_managed_files_do_not()
    {
        var plugIn = File("Microsoft.ML.OnnxRuntime.EP.WebGpu", "runtimes/linux-x64/native/libonnxruntime_providers_webgpu.so");
        plugIn.SetMetadata("AssetType", "native");
        var managed = File("Microsoft.ML.OnnxRuntime.Managed", "lib/net8.0/Microsoft.ML.OnnxRuntime.dll");
        managed.SetMetadata("AssetType", "runtime");
        Assert.Equal(["Microsoft.ML.OnnxRuntime.EP.WebGpu"], OnnxRuntimeLocator.OtherPackages([plugIn, managed]));
    }

    [Fact]
    public void Two_builds_for_one_platform_clash_and_those_for_two_do_not()
    {
        var cpu = File("Microsoft.ML.OnnxRuntime", "runtimes/win-x64/native/onnxruntime.dll");
        var gpu = File("Microsoft.ML.OnnxRuntime.Gpu.Windows", "runtimes/win-x64/native/onnxruntime.dll");
        var linux = File("Microsoft.ML.OnnxRuntime.Gpu.Linux", "runtimes/linux-x64/native/libonnxruntime.so");
        var directML = File("Microsoft.ML.OnnxRuntime.DirectML", "runtimes/win-x64/native/onnxruntime.dll");
        Assert.Null(OnnxRuntimeLocator.Clash([cpu, gpu, linux]));
        var clash = OnnxRuntimeLocator.Clash([cpu, gpu, linux, directML]);
        Assert.Equal("runtimes/win-x64/native/onnxruntime.dll", clash?.File);
        Assert.Equal(["Microsoft.ML.OnnxRuntime.DirectML", "Microsoft.ML.OnnxRuntime.Gpu.Windows"], clash?.Packages);

        // If the project has a RuntimeIdentifier, the files are copied beside the application, independent of their path in the package.
        foreach (var (item, path) in new[] { (gpu, "onnxruntime.dll"), (directML, "onnxruntime.dll") })
            item.SetMetadata("DestinationSubPath", path);
        Assert.Equal("onnxruntime.dll", OnnxRuntimeLocator.Clash([gpu, directML])?.File);
    }

    [Fact]
    public void None_is_none() => Assert.Null(OnnxRuntimeLocator.Find([File("Other", "lib/net8.0/Other.dll")], None));

    private static IReadOnlyList<RestoredNative> None() => [];

    private TaskItem File(string package, string path)
    {
        var file = _packages.Write(Path.Combine(package, path), "");
        return new TaskItem(file, new Dictionary<string, string> { ["NuGetPackageId"] = package, ["PathInPackage"] = path });
    }
}
