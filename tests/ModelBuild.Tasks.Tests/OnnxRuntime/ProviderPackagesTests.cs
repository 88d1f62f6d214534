using ModelBuild.Tasks.OnnxRuntime;

namespace ModelBuild.Tasks.Tests.OnnxRuntime;

public sealed class ProviderPackagesTests
{
    [Theory]
    [InlineData("cpu", "", null)]
    [InlineData("coreml", "", null)]
    [InlineData("tensorrt-rtx", "", null)]
    [InlineData("cuda", "", "the package Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("cuda", "Microsoft.ML.OnnxRuntime.Gpu.Linux", null)]
    [InlineData("cuda", "Microsoft.ML.OnnxRuntime.DirectML", "the package Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("cuda", "Contoso.OnnxRuntime", null)]
    [InlineData("cuda", "Microsoft.ML.OnnxRuntime.Extensions", "the package Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("webgpu", "Microsoft.ML.OnnxRuntime.Gpu.Windows", "the package Microsoft.ML.OnnxRuntime.EP.WebGpu")]
    [InlineData("webgpu", "Microsoft.ML.OnnxRuntime.EP.WebGpu", null)]
    [InlineData("openvino", "Intel.ML.OnnxRuntime.OpenVino", null)]
    [InlineData("cann", "", "a build of ONNX Runtime with this provider")]
    [InlineData("cann", "Contoso.OnnxRuntime", null)]
    public void What_brings_a_provider(string provider, string package, string? missing) =>
        Assert.Equal(missing, ProviderPackages.Missing(provider, package.Length == 0 ? [] : [package]));

    [Theory]
    [InlineData("directml", "linux-x64", true)]
    [InlineData("directml", "win-arm64", false)]
    [InlineData("directml", null, false)]
    [InlineData("coreml", "win-x64", true)]
    [InlineData("nnapi", "android-arm64", false)]
    [InlineData("cann", "win-x64", true)]
    public void Where_it_runs(string provider, string? runtimeIdentifier, bool isElsewhere) =>
        Assert.Equal(isElsewhere, ProviderPackages.IsElsewhere(provider, runtimeIdentifier));
}
