using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Tests.Stages;

namespace ModelBuild.Tasks.Tests.References;

public sealed class ForeignNativesTests
{
    private const string Cpu = "/packages/microsoft.ml.onnxruntime/1.32.0/";
    private const string Gpu = "/packages/microsoft.ml.onnxruntime.gpu.windows/1.32.0/";
    private const string OldLayout = "/solution/packages/Microsoft.ML.OnnxRuntime.1.32.0/";

    public static TheoryData<string> Foreign =>
        [
            Cpu + "runtimes/win-x64/native/onnxruntime.dll",
            Cpu + "build/netstandard2.0/../../runtimes/win-x64/native/onnxruntime_providers_shared.dll",
            Cpu + "runtimes/osx-arm64/native/libonnxruntime.dylib",
            Gpu + "runtimes/win-x64/native/onnxruntime_providers_cuda.dll",
            Gpu + "runtimes/win-x64/native/onnxruntime.dll",
            OldLayout + "runtimes/win-arm64/native/onnxruntime.dll",
        ];

    public static TheoryData<string> Kept =>
        [
            Cpu + "runtimes/linux-x64/native/libonnxruntime.so",
            Cpu + "build/netstandard2.0/../../runtimes/linux-x64/native/libonnxruntime.so",
            "/packages/skiasharp/3.0.0/runtimes/win-x64/native/libSkiaSharp.dll",
            "/home/app/onnxruntime.dll",
            "/home/app/onnxruntime/native/onnxruntime.dll",
            Cpu + "lib/net8.0/Microsoft.ML.OnnxRuntime.dll",
        ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Libraries_of_the_packages_that_NuGet_did_not_choose_are_foreign(string file) => Assert.Equal([file], Run(file));

    [Theory]
    [MemberData(nameof(Kept))]
    public void Chosen_libraries_those_of_other_packages_and_the_projects_own_are_not(string file) => Assert.Empty(Run(file));

    private static IEnumerable<string> Run(string file)
    {
        var task = new ModelBuildForeignNatives
        {
            BuildEngine = new RecordingEngine(),
            Files = [new TaskItem(file)],
            Chosen = [new TaskItem(Cpu + "runtimes/linux-x64/native/libonnxruntime.so")],
        };
        Assert.True(task.Execute());
        return task.Foreign.Select(item => item.ItemSpec);
    }
}
